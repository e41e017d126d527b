import { decideWellFormed } from "../../engine/decide/decide.ts";
import type { Decision } from "../../engine/decide/decision.ts";
import { type DecisionRequest, findMalformed } from "../../engine/decide/request.ts";
import { SidegateError } from "../../engine/errors/sidegate-error.ts";
import { quote } from "../../engine/model/quote.ts";
import type { Policy } from "../../engine/policy/policy.ts";
import { invalidToken, type TokenEvidence } from "../../engine/token/token-evidence.ts";
import type { CheckRequest, Struct } from "../../proto/generated/decision.js";
import { fromStruct, type JsonObject } from "../../proto/struct.ts";
import type { Freshness } from "../snapshot/freshness.ts";
import { RequestError } from "./request-error.ts";

/** What the doors use of the snapshots. */
export interface Policies {
  /** The only domain; undefined where several are served. */
  readonly sole: string | undefined;
  domains(): Iterable<string>;
  get(domain: string): Policy | undefined;
  /** @param wall milliseconds since 1970 */
  freshness(domain: string, wall: number): Freshness;
}

/** An answer and what it was made from. */
export interface Decided {
  readonly policy: Policy;
  readonly request: DecisionRequest;
  readonly decision: Decision;
}

/**
 * Decides a check in the order of semantics, section 5, except for the minimum position, which the caller has waited for.
 * Throws a RequestError for a malformed request and SG3002 where there is no policy that may decide.
 *
 * @param wall milliseconds since 1970
 */
export function decideCheck(policies: Policies, check: CheckRequest, wall: number): Decided {
  const domain = domainOf(policies, check);
  const freshness = policies.freshness(domain, wall);
  const token = check.token === "" ? undefined : invalidToken("tokens are not verified here");
  const request = decisionRequest(check, !freshness.fresh, token);
  requireWellFormed(request);
  const policy = policies.get(domain);
  if (policy === undefined) throw noPolicy(policies, domain);
  if (!freshness.fresh && policy.staleness.then === "Error") throw tooOld(policy, freshness);
  const decision = decideWellFormed(policy, request, wall);
  if (decision.outcome === "InvalidRequest") throw new RequestError(decision.field, decision.detail);
  return { policy, request, decision };
}

/** The domain that a check is about. Throws a RequestError when it has to name one and does not. */
export function domainOf(policies: Policies, check: CheckRequest): string {
  const domain = check.domain === "" ? policies.sole : check.domain;
  if (domain !== undefined) return domain;
  const served = [...policies.domains()].map(quote).join(", ");
  throw new RequestError("domain", `domain is missing; this sidecar serves ${served}, name one of them`);
}

/** Throws a RequestError for a check that no policy would make well-formed. */
export function requireWellFormed(request: DecisionRequest): void {
  const malformed = findMalformed(request);
  if (malformed !== undefined) throw new RequestError(malformed.field, malformed.detail);
}

/** The question as the engine takes it. @param token what the check's token proves, if it has one */
export function decisionRequest(check: CheckRequest, stale: boolean, token?: TokenEvidence): DecisionRequest {
  return {
    subjectKind: check.subject?.kind ?? "",
    subjectName: check.subject?.name ?? "",
    groups: check.subject?.groups ?? NONE,
    permission: check.permission,
    scope: check.scope,
    resourceName: check.resource?.name ?? "",
    activeRoles: check.activeRoles,
    subjectAttributes: facts(check.subject?.attributes),
    resourceAttributes: facts(check.resource?.attributes),
    context: facts(check.context),
    token,
    stale,
  };
}

const NONE: readonly string[] = [];

function facts(struct: Struct | null | undefined): JsonObject | undefined {
  return struct ? fromStruct(struct) : undefined;
}

function noPolicy(policies: Policies, domain: string): SidegateError {
  const served = [...policies.domains()];
  if (served.includes(domain))
    return new SidegateError("SG3002", `there is no policy of domain ${quote(domain)} yet`);
  const others = served.map(quote).join(", ");
  return new SidegateError("SG3002", `domain ${quote(domain)} is not served here, but ${others}`);
}

function tooOld(policy: Policy, freshness: Freshness & { fresh: false }): SidegateError {
  const age = Number.isFinite(freshness.ageMs)
    ? `was last confirmed ${Math.round(freshness.ageMs / 1000)} s ago, more than ${policy.staleness.maxSeconds} s`
    : "was never confirmed since it was restored";
  const why = freshness.because === "ClockWentBack" ? "can not be dated, because the clock went back" : age;
  return new SidegateError("SG3002", `the policy of domain ${quote(policy.domain)} ${why}`);
}
