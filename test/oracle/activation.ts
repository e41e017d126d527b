import type { Existing } from "./existing.ts";
import { reachedRoles } from "./includes.ts";
import { chainOf, type Scope } from "./scopes.ts";
import { standingGrants } from "./standing.ts";
import type { Asker } from "./subjects.ts";

/**
 * 4.7: "with `activeRoles`: only rules count that stand in an active role or in one that it includes, and an active role
 * adds nothing unless a standing grant (section 6) that applies at the scope names or includes it." A forbidden include
 * and a cycle do not matter here: "for activation either still counts as carrying what it reaches".
 *
 * @returns the names of the roles whose Allow rules may count, or undefined without `activeRoles`: all
 */
export function activatedRoles(
  world: Existing,
  asker: Asker,
  scope: Scope,
  activeRoles: readonly string[],
  now: number,
): string[] | undefined {
  // Section 3: "An empty list [...] is none given."
  if (activeRoles.length === 0) return undefined;
  const carried = standingGrants(world, asker, chainOf(world, scope) ?? [], now).flatMap(({ role }) =>
    reachedRoles(world.roles, role.metadata.name),
  );
  return activeRoles
    .filter((role) => carried.includes(role))
    .flatMap((role) => reachedRoles(world.roles, role));
}
