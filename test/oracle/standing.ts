import type { Existing } from "./existing.ts";
import { type Grant, grantsIn, isValid } from "./grants.ts";
import type { Scope } from "./scopes.ts";
import { type Asker, identitiesOf, isSame } from "./subjects.ts";
import { yields } from "./yielding.ts";

/**
 * Section 6: "**standing** grants: those that meet 4.1 to 4.3. Membership [is] not asked. [...] A group with
 * `organization` counts here for all whom it lists" (though it "may be bound only in that organization"). A default that
 * yields is not given.
 *
 * @param scopes where the grants are held
 */
export function standingGrants(
  world: Existing,
  asker: Asker,
  scopes: readonly Scope[],
  now: number,
): Grant[] {
  const identities = identitiesOf(world, asker, () => true);
  return grantsIn(world, scopes, now)
    .filter((grant) => isValid(world, grant))
    .filter(({ subject }) => identities.some((known) => isSame(known, subject)))
    .filter((grant) => !yields(world, asker, grant));
}
