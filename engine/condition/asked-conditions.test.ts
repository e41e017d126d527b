import { expect, test } from "vitest";
import { conditionLimits } from "../model/condition-limits.ts";
import { AskedConditions } from "./asked-conditions.ts";
import { type Condition, compileCondition } from "./condition.ts";
import type { ConditionFacts } from "./condition-facts.ts";
import { OVER_BUDGET, StepBudget } from "./step-budget.ts";

const elements = Array.from({ length: 100 }, (_, index) => `element ${index}`);
const facts: ConditionFacts = {
  subject: { kind: "User", name: "ann", groups: [], attributes: {} },
  resource: { type: "logs", attributes: {} },
  context: { elements },
  member: undefined,
  scope: { kind: "Platform", attributes: {} },
  organization: undefined,
  workspace: undefined,
  token: undefined,
  now: 0,
};

/** Takes many of the steps that one evaluation may take, and is true. */
const expensive = (number: number) =>
  `!context.elements.exists(a, context.elements.exists(b, a == ${number})) || subject.name == 'ann'`;

function conditionOf(source: string): Condition {
  const condition = compileCondition(source);
  if ("problem" in condition) throw new Error(condition.problem);
  return condition;
}

test("Many conditions of one request are errors once they took too many steps together, and stay so", () => {
  const asked = new AskedConditions(facts);
  const most = conditionLimits.requestSteps / 10_000;
  const results = Array.from({ length: most }, (_, at) => asked.evaluate(conditionOf(expensive(at))));
  const first = results.indexOf(OVER_BUDGET);
  expect(first).toBeGreaterThan(2);
  expect(results.slice(0, first - 1)).not.toContainEqual(OVER_BUDGET);
  expect(new Set(results.slice(first))).toEqual(new Set([OVER_BUDGET]));
  expect(asked.evaluate(conditionOf("true"))).toEqual(OVER_BUDGET);
});

test("A condition that many bindings have is evaluated once", () => {
  const asked = new AskedConditions(facts);
  const condition = conditionOf(expensive(1));
  const results = Array.from({ length: 10_000 }, () => asked.evaluate(condition));
  expect(new Set(results)).toEqual(new Set([true]));
});

test("Sources count by their length and their regular expressions, even if evaluating them takes nothing", () => {
  const budget = new StepBudget();
  const before = budget.left;
  conditionOf(`true || '${"x".repeat(1_000)}' == subject.name`).evaluate(facts, budget);
  expect(before - budget.left).toBeGreaterThan(8_000);
  const middle = budget.left;
  conditionOf("true || subject.name.matches('(ab|c){50}')").evaluate(facts, budget);
  expect(middle - budget.left).toBeGreaterThan(8_000);
});

test("Several runs of conditions may share a budget", () => {
  const budget = new StepBudget();
  new AskedConditions(facts, budget).evaluate(conditionOf("true"));
  const { left } = budget;
  expect(left).toBeLessThan(conditionLimits.requestSteps);
  budget.spend(left + 1);
  expect(new AskedConditions(facts, budget).evaluate(conditionOf("true"))).toEqual(OVER_BUDGET);
});
