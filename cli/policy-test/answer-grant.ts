import type { DecisionRequest } from "../../engine/decide/request.ts";
import { canGrant } from "../../engine/delegate/can-grant.ts";
import { listGrantable } from "../../engine/delegate/list-grantable.ts";
import type { Policy } from "../../engine/policy/policy.ts";
import type { GrantableCase, GrantCase } from "../cases/case-world.ts";
import { describeAsker } from "./case-asker.ts";
import type { CaseAnswer } from "./case-report.ts";

/** Answers whether an actor may give or take a role. */
export function answerGrant(
  { question, want, now }: GrantCase,
  actor: DecisionRequest,
  policy: Policy,
): CaseAnswer {
  const { verb, role, target } = question;
  const answer = canGrant(policy, { actor, verb, role, target }, now);
  const malformed = "detail" in answer ? answer.detail : undefined;
  const refusal = "message" in answer ? answer : undefined;
  const got = malformed !== undefined ? "InvalidRequest" : (refusal?.reason ?? "Allowed");
  const passed = got === want;
  const why = malformed ?? refusal?.message;
  return {
    passed,
    asked: `${describeAsker(question.actor)} ${verb} ${role} at ${question.actor.scope}, ${target.kind}:${target.name}`,
    expected: want,
    got,
    explanation: passed || why === undefined ? [] : [why],
  };
}

/** Lists what an actor may give and take. */
export function answerGrantable(
  { actor: asked, want, now }: GrantableCase,
  actor: DecisionRequest,
  policy: Policy,
): CaseAnswer {
  const [give, take]: string[][] = [[], []];
  for (const entry of listGrantable(policy, actor, now)) {
    if (entry === undefined) continue;
    const text = `${entry.role} at ${entry.scope}`;
    if (entry.give) give!.push(text);
    if (entry.take) take!.push(text);
  }
  const describe = (list: GrantableCase["want"]) =>
    `give [${list.give.toSorted().join(", ")}], take [${list.take.toSorted().join(", ")}]`;
  const [expected, got] = [describe(want), describe({ give: give!, take: take! })];
  return {
    passed: expected === got,
    asked: `${describeAsker(asked)} may give and take at ${asked.scope}`,
    expected,
    got,
    explanation: [],
  };
}
