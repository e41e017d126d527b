import type { LintRule } from "../../engine/lint/lint-rule.ts";
import type { SidegateObject } from "../../engine/model/objects.generated.ts";
import { loadCompiled } from "../../engine/policy/load-compiled.ts";
import { compile } from "../properties/engine.ts";
import { NOON } from "../worlds/instants.ts";
import { worldOf } from "./objects.ts";

/** What a rule finds in these objects: "Kind/name field: message". */
export function findingsOf(rule: LintRule, ...objects: readonly SidegateObject[]): string[] {
  const facts = { now: NOON, policy: () => loadCompiled(compile(objects)) };
  return [...rule.check(worldOf(...objects), facts)].map(
    ({ kind, name, field, message }) => `${kind}/${name} ${field}: ${message}`,
  );
}
