import type { AccessGroup } from "../../engine/model/objects.generated.ts";
import { voidGrants } from "./constraints.ts";
import type { Existing } from "./existing.ts";
import { type Grant, grantsIn, isValid } from "./grants.ts";
import { isMember } from "./membership.ts";
import { chainOf, organizationOf, type Scope } from "./scopes.ts";
import { type Asker, identitiesOf, isSame } from "./subjects.ts";
import { yields } from "./yielding.ts";

/**
 * Section 4: the effective grants that apply at a scope, but for conditions (4.6) and active roles (4.7), which the caller
 * judges. A group "counts, on the way to other groups too, only for subjects with a Membership" in its organization.
 */
export function effectiveGrants(world: Existing, asker: Asker, scope: Scope, now: number): Grant[] {
  const counts = (group: AccessGroup) =>
    group.spec.organization === undefined || isMember(world, asker, group.spec.organization, now);
  const identities = identitiesOf(world, asker, counts);
  // 4.5: "no constraint voids it".
  const voided = voidGrants(world, asker, scope, now);
  return grantsIn(world, chainOf(world, scope) ?? [], now)
    .filter((grant) => isValid(world, grant))
    .filter(({ subject }) => identities.some((known) => isSame(known, subject)))
    .filter((grant) => !yields(world, asker, grant))
    .filter((grant) => hasRequiredMembership(world, asker, grant.scope, now))
    .filter(
      ({ binding, subject }) =>
        !voided.some((other) => other.binding === binding && isSame(other.subject, subject)),
    );
}

/**
 * 4.4: "in a domain with `membership: Required`, the request's subject is a member of the organization that the grant's
 * scope is or lies in (a grant at Platform needs no membership)". Section 1: Required is the default.
 */
function hasRequiredMembership(world: Existing, asker: Asker, scope: Scope, now: number): boolean {
  if (!requiresMembership(world)) return true;
  const organization = organizationOf(world, scope);
  return organization === undefined || isMember(world, asker, organization, now);
}

export function requiresMembership(world: Existing): boolean {
  return world.settings?.spec?.membership !== "Optional";
}
