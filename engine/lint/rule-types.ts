import type { CatalogType } from "../catalog/merge-catalogs.ts";
import type { AccessRole, AccessRoleRule } from "../model/objects.generated.ts";
import { Level } from "../model/scope.ts";
import type { World } from "../model/world.ts";

/** The types that a rule stands for: those that it names, or all. Of the verbs at least one must be the type's. */
export function typesOf(world: World, rule: AccessRoleRule): CatalogType[] {
  const { types } = world.catalog;
  const named = rule.resources.includes("*")
    ? [...types.values()]
    : rule.resources.flatMap((name) => types.get(name) ?? []);
  return named.filter(({ verbs }) => rule.verbs.some((verb) => verb === "*" || verbs.has(verb)));
}

/** The highest and the lowest level at which a role may be assigned; the schema asks for at least one. */
export function assignableLevels(role: AccessRole): Level[] {
  return role.spec.assignableAt.map((name) => Level[name]).sort((a, b) => a - b);
}
