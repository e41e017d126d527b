import type { AccessRole } from "../model/objects.generated.ts";
import { Level, levelName } from "../model/scope.ts";
import type { World } from "../model/world.ts";
import { allowingRoles } from "./allowing-roles.ts";
import type { LintRule } from "./lint-rule.ts";
import { listWords } from "./list-words.ts";
import { assignableLevels, typesOf } from "./rule-types.ts";

/** Types that live above every level at which the role may be assigned. */
export const deadRule: LintRule = {
  name: "DeadRule",
  severity: "warning",
  meaning:
    "An Allow rule names a type that lives above every level at which its role, and each role that includes it, may be assigned, so the rule never counts for that type.",
  remedy: "Add the level of the type to assignableAt, move the rule to a role of that level, or take it out.",
  *check(world) {
    const highest = highestLevels(world);
    for (const role of world.listLive("AccessRole")) {
      const from = highest.get(role) ?? Level.Environment;
      for (const [index, rule] of (role.spec.rules ?? []).entries()) {
        if (rule.effect === "Deny" || rule.resources.includes("*")) continue;
        const dead = typesOf(world, rule).filter(({ level }) => level < from);
        if (dead.length === 0) continue;
        const levels = [...new Set(dead.map(({ level }) => level))].sort().map(levelName);
        yield {
          kind: "AccessRole",
          name: role.metadata.name,
          field: `spec.rules[${index}].resources`,
          message: `${listWords(dead.map(({ name }) => name))} of the level ${levels.join(" and ")} can not be given by a role that is assigned at ${levelName(from)} at the highest`,
        };
      }
    }
  },
};

/** For each role the highest level at which it, or a role that includes it, may be assigned. */
function highestLevels(world: World): Map<AccessRole, Level> {
  const highest = new Map<AccessRole, Level>();
  for (const includer of world.listLive("AccessRole")) {
    const [level] = assignableLevels(includer);
    if (level === undefined) continue;
    // A role that reaches a cycle gives nothing: that is reported, and its own rules are looked at all the same.
    for (const role of [includer, ...allowingRoles(world, includer)]) {
      highest.set(role, Math.min(highest.get(role) ?? level, level) as Level);
    }
  }
  return highest;
}
