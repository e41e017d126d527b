import type { LintRule } from "../../engine/lint/lint-rule.ts";
import type { SidegateObject } from "../../engine/model/objects.generated.ts";
import { worldOf } from "./objects.ts";

/** What a rule finds in these objects: "Kind/name field: message". */
export function findingsOf(rule: LintRule, ...objects: readonly SidegateObject[]): string[] {
  return [...rule.check(worldOf(...objects))].map(
    ({ kind, name, field, message }) => `${kind}/${name} ${field}: ${message}`,
  );
}
