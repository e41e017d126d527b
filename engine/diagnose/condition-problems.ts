import { checkCondition } from "../condition/condition.ts";
import type { AccessRole, AccessRoleBinding } from "../model/objects.generated.ts";
import type { Problem } from "./problem.ts";

/** The conditions of a role's rules that can not be evaluated. */
export function* ruleConditionProblems(role: AccessRole): Iterable<Problem> {
  for (const [index, { effect, when }] of (role.spec.rules ?? []).entries()) {
    const consequence = effect === "Deny" ? "the rule always denies" : "the rule never allows";
    yield* conditionProblems(`spec.rules[${index}].when`, when, consequence);
  }
}

/** The condition of a binding, if it can not be evaluated. */
export function* bindingConditionProblems(binding: AccessRoleBinding): Iterable<Problem> {
  const consequence = "the binding allows nothing, and Deny rules of its role count";
  yield* conditionProblems("spec.when", binding.spec.when, consequence);
}

function* conditionProblems(path: string, when: string | undefined, consequence: string): Iterable<Problem> {
  const problem = when === undefined ? undefined : problemOf(when);
  if (problem === undefined) return;
  yield { reason: "InvalidCondition", path, message: `${problem}, so ${consequence}; correct the condition` };
}

const MOST_REMEMBERED = 1000;

/** What has been found about the last sources: many bindings carry the same one, and a check takes longer than all else. */
const remembered = new Map<string, string | undefined>();

function problemOf(source: string): string | undefined {
  if (remembered.has(source)) return remembered.get(source);
  const problem = checkCondition(source)?.problem;
  if (remembered.size >= MOST_REMEMBERED) remembered.clear();
  remembered.set(source, problem);
  return problem;
}
