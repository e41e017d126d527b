import { describe, expect, it } from "vitest";
import { compileCondition, isConditionProblem } from "./condition.ts";
import type { ConditionFacts } from "./condition-facts.ts";

const facts: ConditionFacts = {
  subject: { kind: "User", name: "ada", groups: ["staff"], attributes: { level: 3 } },
  resource: { type: "document", name: "d1", attributes: { owner: "ada" } },
  context: { hour: 9, mfa: true },
  member: { attributes: { team: "blue" } },
  scope: { kind: "Environment", name: "acme-prod", type: "production", attributes: {} },
  organization: { name: "acme", attributes: { tier: "gold" } },
  workspace: undefined,
  token: undefined,
  now: Date.UTC(2026, 0, 2, 3, 4, 5),
};

function evaluate(source: string, over: Partial<ConditionFacts> = {}): unknown {
  const condition = compileCondition(source);
  if (isConditionProblem(condition)) throw new Error(condition.problem);
  return condition.evaluate({ ...facts, ...over });
}

describe("compileCondition", () => {
  it("evaluates over what the caller says and what is stored", () => {
    expect(evaluate("resource.attributes.owner == subject.name && context.hour < 18.0")).toBe(true);
    expect(evaluate('member.attributes.team == "red"')).toBe(false);
    expect(evaluate('scope.kind == "Environment" && organization.attributes.tier == "gold"')).toBe(true);
    expect(evaluate('"staff" in subject.groups')).toBe(true);
    expect(evaluate('now < timestamp("2026-06-01T00:00:00Z")')).toBe(true);
  });

  it("gives an error where something is not there", () => {
    expect(evaluate('workspace.name == "a"')).toHaveProperty("error");
    expect(evaluate('workspace.name == "a" || context.mfa')).toBe(true);
  });

  it("refuses what is no condition", () => {
    for (const source of ["", "1 +", "nobody.name == 'a'", "scope.kinds == 'a'", "1", "scope.kind == 1"]) {
      expect(compileCondition(source), source).toHaveProperty("problem");
    }
  });
});
