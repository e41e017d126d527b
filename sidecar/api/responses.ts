import type { Decision, Outcome } from "../../engine/decide/decision.ts";
import type { Policy } from "../../engine/policy/policy.ts";
import { CheckResponse, Disclosure, Reason } from "../../proto/generated/decision.js";
import type { Input } from "../../proto/message-type.ts";

/** The reasons as responses have them. */
export const reasons: { readonly [outcome in Exclude<Outcome, "InvalidRequest">]: Reason } = {
  Allowed: Reason.ALLOWED,
  Stale: Reason.STALE,
  InvalidToken: Reason.INVALID_TOKEN,
  UnknownScope: Reason.UNKNOWN_SCOPE,
  UnknownPermission: Reason.UNKNOWN_PERMISSION,
  WrongLevel: Reason.WRONG_LEVEL,
  Suspended: Reason.SUSPENDED,
  SeparationOfDuty: Reason.SEPARATION_OF_DUTY,
  TokenDenied: Reason.TOKEN_DENIED,
  ExplicitDeny: Reason.EXPLICIT_DENY,
  NoGrant: Reason.NO_GRANT,
};

const disclosures: { readonly [disclosure in Decision["disclosure"]]: Disclosure } = {
  None: Disclosure.DISCLOSURE_UNSPECIFIED,
  Forbidden: Disclosure.FORBIDDEN,
  NotFound: Disclosure.NOT_FOUND,
};

/**
 * The response to a decision. INVARIANT: with NotFound there is no public reason, so that nobody can tell a scope that he
 * does not see from one that there is not.
 */
export function responseTo(policy: Policy, decision: Decision): Input<CheckResponse> {
  if (decision.outcome === "InvalidRequest") throw new Error("An invalid request has no response");
  const reason = reasons[decision.outcome];
  return {
    allowed: decision.outcome === "Allowed",
    reason,
    disclosure: disclosures[decision.disclosure],
    publicReason: decision.disclosure === "NotFound" ? Reason.REASON_UNSPECIFIED : reason,
    revision: policy.revision,
    level: decision.level,
  };
}

type Encoded = Map<Decision, Buffer>;
const byPolicy = new WeakMap<Policy, Encoded>();

/**
 * The encoded response to a decision. It depends on the policy's revision and the decision only, of which there are a few
 * dozen, each one object: so it is encoded once for each.
 */
export function encodedResponse(policy: Policy, decision: Decision): Buffer {
  let encoded = byPolicy.get(policy);
  if (encoded === undefined) {
    encoded = new Map();
    byPolicy.set(policy, encoded);
  }
  let response = encoded.get(decision);
  if (response === undefined) {
    response = CheckResponse.encode(responseTo(policy, decision)).finish();
    encoded.set(decision, response);
  }
  return response;
}
