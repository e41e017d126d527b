import { levelName } from "../model/scope.ts";
import type { LintRule } from "./lint-rule.ts";
import { listWords } from "./list-words.ts";
import { assignableLevels, typesOf } from "./rule-types.ts";

/** `*` in a role that is bound above the level of some types. */
export const wildcardReachesBelow: LintRule = {
  name: "WildcardReachesBelow",
  severity: "warning",
  meaning:
    "An Allow rule with `*` for resources stands in a role that may be assigned above the level of some types, so a binding there gives these types in every scope below, and every type that a catalog adds later.",
  remedy: "Name the types that are meant, or assign the role only at the level that it is for.",
  *check(world) {
    for (const role of world.listLive("AccessRole")) {
      const [highest] = assignableLevels(role);
      if (highest === undefined) continue;
      for (const [index, rule] of (role.spec.rules ?? []).entries()) {
        if (rule.effect === "Deny" || !rule.resources.includes("*")) continue;
        const below = typesOf(world, rule).filter(({ level }) => level > highest);
        if (below.length === 0) continue;
        const levels = [...new Set(below.map(({ level }) => level))].sort().map(levelName);
        yield {
          kind: "AccessRole",
          name: role.metadata.name,
          field: `spec.rules[${index}].resources`,
          message: `"*" in a role that may be assigned at ${levelName(highest)} gives ${listWords(below.map(({ name }) => name))} in every ${levels.join(" and every ")} below`,
        };
      }
    }
  },
};
