import { isDeepStrictEqual } from "node:util";
import { decide } from "../../engine/decide/decide.ts";
import { type Decision, invalidRequest } from "../../engine/decide/decision.ts";
import { explainGrant } from "../../engine/decide/explain-grant.ts";
import type { DecisionRequest } from "../../engine/decide/request.ts";
import { explain } from "../../engine/explain/explain.ts";
import { limits } from "../../engine/model/limits.ts";
import { levelName } from "../../engine/model/scope.ts";
import type { World } from "../../engine/model/world.ts";
import type { Policy } from "../../engine/policy/policy.ts";
import type { CaseResult, CheckCase } from "../cases/case-world.ts";
import { describeAsker } from "./case-asker.ts";
import type { CaseAnswer } from "./case-report.ts";
import type { Coverage } from "./coverage.ts";
import { effectiveRoles } from "./effective-roles.ts";

/** Nearest misses that the explanation of a failure tells. */
const MISSES = 3;

/** A door refuses such a token before anything is decided. */
const TOO_LONG = invalidRequest("token", `the token has more than ${limits.token} characters`);

/**
 * Decides a case, and notes in `coverage` what it shows if it passed.
 *
 * @param world the objects that `policy` was compiled from
 */
export function answerCheck(
  { request: asked, want, now }: CheckCase,
  request: DecisionRequest,
  world: World,
  policy: Policy,
  coverage: Coverage,
): CaseAnswer {
  const isTooLong = (asked.token?.text.length ?? 0) > limits.token;
  const decision = isTooLong ? TOO_LONG : decide(policy, request, now);
  const got = toCaseResult(decision);
  const passed = isDeepStrictEqual(got, want);
  if (passed) noteCoverage(decision, request, world, policy, coverage, now);
  return {
    passed,
    asked: `${describeAsker(asked)} ${asked.permission} ${asked.scope}`,
    expected: describeResult(want),
    got: describeResult(got),
    explanation: passed ? [] : explainDecision(policy, request, now),
  };
}

function noteCoverage(
  { outcome }: Decision,
  request: DecisionRequest,
  world: World,
  policy: Policy,
  coverage: Coverage,
  now: number,
): void {
  const note = (role: string, effect: "allow" | "deny") =>
    coverage.note(world, role, request.permission, effect);
  if (outcome === "Allowed" || outcome === "ExplicitDeny") {
    const grant = explainGrant(policy, request, now);
    if (grant === undefined) return;
    const effect = outcome === "Allowed" ? "allow" : "deny";
    for (const role of new Set([grant.role, grant.ruleRole])) note(role, effect);
  }
  // With active roles it is their choice that denies, not the roles held.
  if (outcome === "NoGrant" && request.activeRoles.length === 0)
    for (const role of effectiveRoles(policy, request, now)) note(role, "deny");
}

function explainDecision(policy: Policy, request: DecisionRequest, now: number): string[] {
  const { decision, grants, nearestMisses } = explain(policy, request, now);
  const { outcome, detail } = decision;
  const found = grants.map(({ binding, role, scope, effect, detail: more }) => {
    const why = more === "" ? effect : `${effect} (${more})`;
    return `AccessRoleBinding ${binding.name}, ${role.name} at ${scope}: ${why}`;
  });
  const misses = nearestMisses
    .slice(0, MISSES)
    .map(({ changes }) => `would be allowed: ${changes.map(({ message }) => message).join("; and ")}`);
  if (detail !== "") found.push(detail);
  if (outcome === "NoGrant") {
    const roles = [...effectiveRoles(policy, request, now)].sort();
    found.push(`effective at ${request.scope}: ${roles.length === 0 ? "no role" : roles.join(", ")}`);
  }
  return [...found, ...misses];
}

/** "allow", "deny NoGrant (Forbidden)", "deny WrongLevel (Forbidden, Organization)", "error InvalidRequest". */
function describeResult({ outcome, disclosure, level }: CaseResult): string {
  if (outcome === "Allowed") return "allow";
  if (disclosure === undefined) return `error ${outcome}`;
  return `deny ${outcome} (${[disclosure, level].filter((part) => part !== undefined).join(", ")})`;
}

function toCaseResult({ outcome, disclosure, level }: Decision): CaseResult {
  if (disclosure === "None") return { outcome };
  return level === 0 ? { outcome, disclosure } : { outcome, disclosure, level: levelName(level) };
}
