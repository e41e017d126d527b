import { isDefault } from "./default-name.ts";
import type { Existing } from "./existing.ts";
import { allGrants, type Grant, isValid } from "./grants.ts";
import { carriedRoles } from "./includes.ts";
import { isSameScope } from "./scopes.ts";
import { type Asker, identitiesOf, isSame } from "./subjects.ts";
import { unitOf } from "./unit.ts";

/**
 * Section 9: "**A default yields**: it is not given, or is void and removed, where another binding, itself no default, names
 * another role of an `exclusive` set in the unit of the default's scope, or where it would break any other static constraint."
 * "Windows and conditions of the other binding are not asked". Who holds the other is said by the objects: asserted groups are
 * not known when a default is given.
 *
 * @param asker for whom the grant is judged
 */
export function yields(world: Existing, asker: Asker, grant: Grant): boolean {
  if (!isDefault(grant.binding)) return false;
  const identities = identitiesOf(world, { kind: asker.kind, name: asker.name, groups: [] }, () => true);
  const others = allGrants(world)
    .filter((other) => !isDefault(other.binding) && isValid(world, other))
    .filter(({ subject }) => identities.some((known) => isSame(known, subject)));
  return world.constraints.some(({ spec: { exclusive, separationOfDuty } }) => {
    const { per, roles = [] } = exclusive ?? separationOfDuty ?? {};
    const unit = unitOf(world, grant.scope, per);
    const inUnit = others
      .filter(({ scope }) => unit.some((place) => isSameScope(place, scope)))
      .map(({ role }) => role.metadata.name);
    const own = grant.role.metadata.name;
    if (exclusive !== undefined) {
      return roles.includes(own) && inUnit.some((role) => role !== own && roles.includes(role));
    }
    if (separationOfDuty === undefined || separationOfDuty.mode === "Dynamic") return false;
    const carries = carriedRoles(world.roles, roles, [own]).length > 0;
    return (
      carries && carriedRoles(world.roles, roles, [own, ...inUnit]).length > (separationOfDuty.atMost ?? 1)
    );
  });
}
