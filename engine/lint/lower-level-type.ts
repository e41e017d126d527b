import { levelName } from "../model/scope.ts";
import type { LintRule } from "./lint-rule.ts";
import { assignableLevels, typesOf } from "./rule-types.ts";

/** A type named in a role that is bound above the type's level. */
export const lowerLevelType: LintRule = {
  name: "LowerLevelType",
  severity: "note",
  meaning:
    "An Allow rule names a type that lives below a level at which the role may be assigned, so a binding there gives it in every scope below.",
  remedy: "Where that is not meant, put the rule in a role that is assigned at the level of the type.",
  *check(world) {
    for (const role of world.listLive("AccessRole")) {
      const [highest] = assignableLevels(role);
      if (highest === undefined) continue;
      for (const [index, rule] of (role.spec.rules ?? []).entries()) {
        if (rule.effect === "Deny" || rule.resources.includes("*")) continue;
        for (const { name, level } of typesOf(world, rule)) {
          if (level <= highest) continue;
          yield {
            kind: "AccessRole",
            name: role.metadata.name,
            field: `spec.rules[${index}].resources`,
            message: `"${name}" is of the level ${levelName(level)}: bound at ${levelName(highest)}, the role gives it in every ${levelName(level)} below`,
          };
        }
      }
    }
  },
};
