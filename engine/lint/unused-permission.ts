import type { World } from "../model/world.ts";
import type { LintRule } from "./lint-rule.ts";
import { listWords } from "./list-words.ts";
import { typesOf } from "./rule-types.ts";

/** A permission that no role allows. */
export const unusedPermission: LintRule = {
  name: "UnusedPermission",
  severity: "note",
  meaning: "No Allow rule of any role gives the permission, implied verbs included, so it is always denied.",
  remedy: "Give it in a role, or take it out of the catalog.",
  *check(world) {
    const allowed = allowedPermissions(world);
    for (const { metadata, spec } of world.listLive("PermissionCatalog")) {
      for (const [index, { name }] of (spec.resources ?? []).entries()) {
        const type = world.catalog.types.get(name);
        const unused = [...(type?.verbs.keys() ?? [])].filter((verb) => !allowed.has(`${name}:${verb}`));
        if (unused.length === 0 || name === "membership") continue;
        const message = `no role allows ${listWords(unused.map((verb) => `${name}:${verb}`))}`;
        yield {
          kind: "PermissionCatalog",
          name: metadata.name,
          field: `spec.resources[${index}]`,
          message,
        };
      }
    }
  },
};

function allowedPermissions(world: World): Set<string> {
  const allowed = new Set<string>();
  for (const { spec } of world.listLive("AccessRole")) {
    for (const rule of spec.rules ?? []) {
      if (rule.effect === "Deny") continue;
      for (const type of typesOf(world, rule)) {
        for (const [verb, implied] of type.verbs) {
          if (!rule.verbs.includes("*") && !rule.verbs.includes(verb)) continue;
          for (const one of [verb, ...implied]) allowed.add(`${type.name}:${one}`);
        }
      }
    }
  }
  return allowed;
}
