import { Environment } from "@marcbachmann/cel-js";
import type { ConditionFacts } from "./condition-facts.ts";

/** A compiled condition. */
export interface Condition {
  readonly source: string;
  /** Total: never throws, and gives nothing but `true`, `false` or an error. */
  evaluate(facts: ConditionFacts): boolean | ConditionError;
}

/** Why a condition has no value for some facts: a sentence without values from callers. */
export interface ConditionError {
  readonly error: string;
}

/** Why a source is no condition. */
export interface ConditionProblem {
  /** A sentence without full stop: what is wrong and where. */
  readonly problem: string;
}

/** Reads and checks a condition. A source that is not accepted gives a problem; such a condition is inert. */
export function compileCondition(source: string): Condition | ConditionProblem {
  try {
    const parsed = environment.parse(source);
    const { valid, type, error } = parsed.check();
    if (!valid) return { problem: error?.summary ?? "is not valid" };
    if (type !== "bool" && type !== "dyn") return { problem: `must be boolean, but is of type ${type}` };
    const evaluate = (facts: ConditionFacts): boolean | ConditionError => {
      try {
        const value: unknown = parsed({ ...facts, now: new Date(facts.now) });
        return typeof value === "boolean" ? value : { error: "is not boolean" };
      } catch (error) {
        return { error: error instanceof Error ? error.message : String(error) };
      }
    };
    return { source, evaluate };
  } catch (error) {
    return { problem: error instanceof Error ? error.message : String(error) };
  }
}

export function isConditionProblem(result: Condition | ConditionProblem): result is ConditionProblem {
  return "problem" in result;
}

const attributes = "map<string, dyn>";
const environment = new Environment()
  .registerType("Subject", { fields: { kind: "string", name: "string", groups: "list<string>", attributes } })
  .registerType("Resource", { fields: { type: "string", name: "string", attributes } })
  .registerType("Member", { fields: { attributes } })
  .registerType("Scope", { fields: { kind: "string", name: "string", type: "string", attributes } })
  .registerType("Organization", { fields: { name: "string", attributes } })
  .registerType("Workspace", { fields: { name: "string", attributes } })
  .registerType("Token", { fields: { claims: attributes } })
  .registerVariable("subject", "Subject")
  .registerVariable("resource", "Resource")
  .registerVariable("context", attributes)
  .registerVariable("member", "Member")
  .registerVariable("scope", "Scope")
  .registerVariable("organization", "Organization")
  .registerVariable("workspace", "Workspace")
  .registerVariable("token", "Token")
  .registerVariable("now", "google.protobuf.Timestamp");
