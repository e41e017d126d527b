import type {
  AccessConstraint,
  AccessConstraintExclusive,
  AccessConstraintSeparationOfDuty,
} from "../../engine/model/objects.generated.ts";
import { isDefault } from "./default-name.ts";
import type { Existing } from "./existing.ts";
import type { Grant } from "./grants.ts";
import { carriedRoles, reachedRoles } from "./includes.ts";
import type { Scope } from "./scopes.ts";
import { standingGrants } from "./standing.ts";
import type { Asker } from "./subjects.ts";
import { unitOf } from "./unit.ts";

/**
 * Section 6: the asker's grants that are void in a request at the scope. "A grant that one constraint voids still counts in
 * every other, so one pass decides."
 */
export function voidGrants(world: Existing, asker: Asker, scope: Scope, now: number): Grant[] {
  return world.constraints.flatMap((constraint) => voidBy(world, constraint, asker, scope, now));
}

/** The asker's grants that one constraint voids. */
export function voidBy(
  world: Existing,
  { spec: { separationOfDuty, exclusive } }: AccessConstraint,
  asker: Asker,
  scope: Scope,
  now: number,
): Grant[] {
  const { per } = separationOfDuty ?? exclusive ?? {};
  const standing = standingGrants(world, asker, unitOf(world, scope, per), now);
  if (exclusive !== undefined) return voidByExclusive(exclusive, standing);
  if (separationOfDuty === undefined || separationOfDuty.mode === "Dynamic") return [];
  return voidBySeparation(world, separationOfDuty, standing);
}

/**
 * "`mode: Dynamic`: may hold more, but a request may have at most `atMost` active: those that standing grants in the unit
 * carry and `activeRoles` admit (without it, all). Roles held below Platform do not count beside one held at Platform unless
 * `activeRoles` names them."
 */
export function breaksDynamicSeparation(
  world: Existing,
  asker: Asker,
  scope: Scope,
  activeRoles: readonly string[],
  now: number,
): boolean {
  const isAdmitted = (role: string) =>
    activeRoles.length === 0 ||
    activeRoles.some((active) => reachedRoles(world.roles, active).includes(role));
  return world.constraints.some(({ spec: { separationOfDuty } }) => {
    if (separationOfDuty?.mode !== "Dynamic") return false;
    const { per, roles, atMost = 1 } = separationOfDuty;
    const standing = standingGrants(world, asker, unitOf(world, scope, per), now);
    const atPlatform = carried(world, roles, standing.filter(isAtPlatform)).filter(isAdmitted);
    const below = carried(world, roles, standing).filter(isAdmitted);
    const active =
      atPlatform.length === 0
        ? below
        : roles.filter(
            (role) => atPlatform.includes(role) || (below.includes(role) && activeRoles.includes(role)),
          );
    return new Set(active).size > atMost;
  });
}

/**
 * "A subject's standing grants may carry at most `atMost` of the roles, included ones counted; [else] all these grants are
 * void." "A grant at Platform is void only by a conflict among grants at Platform." Section 9: "a default never voids another
 * grant" and is void "where it would break any [...] static constraint; [...] between defaults the constraint decides".
 */
function voidBySeparation(
  world: Existing,
  { roles, atMost = 1 }: AccessConstraintSeparationOfDuty,
  standing: readonly Grant[],
): Grant[] {
  const isBreach = (grants: readonly Grant[]) => carried(world, roles, grants).length > atMost;
  const involved = standing.filter((grant) => carried(world, roles, [grant]).length > 0);
  const defaults = involved.filter(({ binding }) => isDefault(binding));
  const others = involved.filter(({ binding }) => !isDefault(binding));
  const isConflict = isBreach(others);
  const isConflictAtPlatform = isBreach(others.filter(isAtPlatform));
  const breaking = defaults.filter((grant) => isBreach([...others, grant]));
  const left = defaults.filter((grant) => !breaking.includes(grant));
  return [
    ...others.filter((grant) => (isAtPlatform(grant) ? isConflictAtPlatform : isConflict)),
    ...breaking,
    ...(isBreach([...others, ...left]) ? left : []),
  ];
}

/**
 * "A subject's bindings may name at most one of the roles (included ones not counted); the one that stands first in `roles`
 * stays, the others are void." "In an exclusive set roles named at Platform come before all others." Defaults as in
 * `voidBySeparation`.
 */
function voidByExclusive({ roles }: AccessConstraintExclusive, standing: readonly Grant[]): Grant[] {
  const firstOf = (grants: readonly Grant[]) =>
    roles.find((role) => grants.some((grant) => grant.role.metadata.name === role));
  const others = standing.filter(({ binding }) => !isDefault(binding));
  const stays = firstOf(others.filter(isAtPlatform)) ?? firstOf(others) ?? firstOf(standing);
  const isIn = ({ role }: Grant) => roles.includes(role.metadata.name);
  const isOther = (one: Grant) => (another: Grant) => another.role.metadata.name !== one.role.metadata.name;
  // "Where another binding, itself no default, names another role of an `exclusive` set": whichever of them stays.
  const yields = (grant: Grant) => isDefault(grant.binding) && others.filter(isIn).some(isOther(grant));
  return standing.filter((grant) => isIn(grant) && (grant.role.metadata.name !== stays || yields(grant)));
}

function carried(world: Existing, roles: readonly string[], grants: readonly Grant[]): string[] {
  return carriedRoles(
    world.roles,
    roles,
    grants.map(({ role }) => role.metadata.name),
  );
}

function isAtPlatform({ scope }: Grant): boolean {
  return scope.kind === "Platform";
}
