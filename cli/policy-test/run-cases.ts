import { isDeepStrictEqual } from "node:util";
import { decide } from "../../engine/decide/decide.ts";
import type { Decision } from "../../engine/decide/decision.ts";
import { explainGrant, type GrantExplanation } from "../../engine/decide/explain-grant.ts";
import type { DecisionRequest } from "../../engine/decide/request.ts";
import { levelName } from "../../engine/model/scope.ts";
import type { Policy } from "../../engine/policy/policy.ts";
import type { CaseRequest, CaseResult, CaseWorld, CheckCase } from "../cases/case-world.ts";
import { CasePolicies } from "./case-policies.ts";
import type { Coverage } from "./coverage.ts";
import { effectiveRoles } from "./effective-roles.ts";

/** What became of a case. */
export interface CaseReport {
  readonly file: string;
  readonly world: string;
  readonly name: string;
  readonly passed: boolean;
  readonly subject: string;
  readonly permission: string;
  readonly scope: string;
  readonly want: CaseResult;
  readonly got: CaseResult;
  /** Of a case that failed: the grant that decided, if one did. */
  readonly grant?: GrantExplanation;
  /** Of a case that failed for want of a grant: the roles that the subject has at the scope. */
  readonly roles?: readonly string[];
}

/** Makes a decision request of a case's. A token is verified as a sidecar does. */
export type ToRequest = (policy: Policy, request: CaseRequest, now: number) => Promise<DecisionRequest>;

/**
 * Decides cases with the compiled engine, one after another, and notes in `coverage` what those that passed show.
 *
 * @returns the reports in the order of the cases
 */
export async function runCases(
  worlds: readonly CaseWorld[],
  toRequest: ToRequest,
  coverage: Coverage,
): Promise<CaseReport[]> {
  const reports: CaseReport[] = [];
  for (const world of worlds) {
    const policies = new CasePolicies();
    for (const one of world.cases) reports.push(await runCase(world, one, policies, toRequest, coverage));
  }
  return reports;
}

async function runCase(
  world: CaseWorld,
  one: CheckCase,
  policies: CasePolicies,
  toRequest: ToRequest,
  coverage: Coverage,
): Promise<CaseReport> {
  const policy = policies.policyOf(one.objects);
  const request = await toRequest(policy, one.request, one.now);
  const decision = decide(policy, request, one.now);
  const got = toCaseResult(decision);
  const passed = isDeepStrictEqual(got, one.want);
  const { outcome } = decision;
  const decided = outcome === "Allowed" || outcome === "ExplicitDeny";
  const grant = decided ? explainGrant(policy, request, one.now) : undefined;
  const roles = outcome === "NoGrant" ? [...effectiveRoles(policy, request, one.now)].sort() : undefined;
  if (passed) {
    const note = (role: string, effect: "allow" | "deny") =>
      coverage.note(policies.world, role, request.permission, effect);
    if (grant !== undefined) {
      const effect = outcome === "Allowed" ? "allow" : "deny";
      for (const role of new Set([grant.role, grant.ruleRole])) note(role, effect);
    }
    // With active roles it is their choice that denies, not the roles held.
    if (request.activeRoles.length === 0) for (const role of roles ?? []) note(role, "deny");
  }
  return {
    file: world.file,
    world: world.title,
    name: one.name,
    passed,
    subject: describeSubject(one.request),
    permission: one.request.permission,
    scope: one.request.scope,
    want: one.want,
    got,
    ...(!passed && grant && { grant }),
    ...(!passed && roles && { roles }),
  };
}

function describeSubject({ subjectKind, subjectName, token }: CaseRequest): string {
  if (subjectName === "" && token !== undefined) return "whom the token names";
  return `${subjectKind}:${subjectName}`;
}

function toCaseResult({ outcome, disclosure, level }: Decision): CaseResult {
  if (disclosure === "None") return { outcome };
  return level === 0 ? { outcome, disclosure } : { outcome, disclosure, level: levelName(level) };
}
