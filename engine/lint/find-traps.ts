import { type ObjectKey, objectKey } from "../model/references.ts";
import type { World } from "../model/world.ts";
import type { LintFacts, LintFinding, LintRule } from "./lint-rule.ts";

/** A finding and the rule that it comes from. */
export interface Trap extends LintFinding {
  readonly rule: LintRule;
}

/** What the rules find in the objects of a domain, by the key of the object, in the order of rules. */
export function findTraps(
  world: World,
  rules: readonly LintRule[],
  facts: LintFacts,
): Map<ObjectKey, Trap[]> {
  const traps = new Map<ObjectKey, Trap[]>();
  for (const rule of rules) {
    for (const finding of rule.check(world, facts)) {
      const key = objectKey(finding.kind, finding.name);
      const others = traps.get(key);
      const trap = { ...finding, rule };
      if (others === undefined) traps.set(key, [trap]);
      else others.push(trap);
    }
  }
  return traps;
}
