import { kinds } from "../model/objects.generated.ts";
import { ignoredRules, LINT_IGNORE } from "./ignored-rules.ts";
import type { LintRule } from "./lint-rule.ts";

/** A suppression that names no rule. @param isRule whether a name is that of a rule or a reason of Accepted=False */
export function unknownLintRule(isRule: (name: string) => boolean): LintRule {
  return {
    name: "UnknownLintRule",
    severity: "warning",
    meaning:
      "The annotation `sidegate.dev/lint-ignore` names a rule that there is not, so it suppresses nothing.",
    remedy: "Write the names of rules as they stand in the findings, with commas between them.",
    *check(world) {
      for (const kind of kinds) {
        for (const object of world.list(kind)) {
          for (const name of ignoredRules(object)) {
            if (isRule(name)) continue;
            const field = `metadata.annotations.${LINT_IGNORE}`;
            yield { kind, name: object.metadata.name, field, message: `there is no rule "${name}"` };
          }
        }
      }
    },
  };
}
