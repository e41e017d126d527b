import { decideWellFormed } from "../../../engine/decide/decide.ts";
import type { Decision } from "../../../engine/decide/decision.ts";
import { checkLength, type DecisionRequest, findMalformed } from "../../../engine/decide/request.ts";
import { SidegateError } from "../../../engine/errors/sidegate-error.ts";
import { limits } from "../../../engine/model/limits.ts";
import { quote } from "../../../engine/model/quote.ts";
import type { Policy } from "../../../engine/policy/policy.ts";
import { invalidToken, type TokenEvidence } from "../../../engine/token/token-evidence.ts";
import type { LoadedTokenPolicy } from "../../../engine/token/token-policy.ts";
import type { CheckRequest, Struct } from "../../../proto/generated/decision.js";
import { fromStruct, type JsonObject } from "../../../proto/struct.ts";
import type { Freshness } from "../../snapshot/freshness.ts";
import { RequestError } from "../request-error.ts";

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

/** What the doors use to verify tokens. */
export interface Tokens {
  /** Never rejects. @param now milliseconds since 1970 */
  verify(policies: readonly LoadedTokenPolicy[], token: string, now: number): Promise<TokenEvidence>;
}

/** A question and the policy that is to answer it. */
export type Asked = Pick<Decided, "policy" | "request">;

/** Finds the policy that answers a check, whose token is not verified yet. Throws a RequestError for a malformed request and SG3002 where there is no policy that may decide. */
export function readAsked(policies: Policies, check: CheckRequest, wall: number): Asked {
  const domain = domainOf(policies, check);
  const freshness = policies.freshness(domain, wall);
  const request = readRequest(check, !freshness.fresh);
  const policy = policies.get(domain);
  if (policy === undefined) throw noPolicy(policies, domain);
  if (!freshness.fresh && policy.staleness.then === "Error") throw tooOld(policy, freshness);
  return { policy, request };
}

/** The question with what the token of the check, if it has one, proves by the same policy that is to answer it. */
export async function proveToken(
  tokens: Tokens,
  check: CheckRequest,
  asked: Asked,
  wall: number,
): Promise<Asked> {
  if (check.token === "") return asked;
  const { policy, request } = asked;
  const token = await tokens.verify(policy.model.tokenPolicies, check.token, wall);
  return { policy, request: { ...request, token } };
}

/**
 * Decides a check in the order of semantics, section 5, except for the minimum position, which the caller has waited for.
 * Throws a RequestError for a malformed request, and ShardNeeded.
 *
 * @param wall milliseconds since 1970
 */
export function decideAsked({ policy, request }: Asked, wall: number): Decided {
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

/** Stands for a token until it is verified. */
const UNVERIFIED = invalidToken("the token is not verified yet");

/**
 * A check as the engine takes it, its token not verified yet. Throws a RequestError for one that no policy would make
 * well-formed.
 */
export function readRequest(check: CheckRequest, stale: boolean): DecisionRequest {
  const request = decisionRequest(check, stale);
  const malformed = checkLength("token", check.token, limits.token) ?? findMalformed(request);
  if (malformed !== undefined) throw new RequestError(malformed.field, malformed.detail);
  return request;
}

/** As `readRequest`, without asking whether it is well-formed. */
export function decisionRequest(check: CheckRequest, stale: boolean): DecisionRequest {
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
    token: check.token === "" ? undefined : UNVERIFIED,
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
