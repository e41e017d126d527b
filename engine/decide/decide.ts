import type { Level } from "../model/scope.ts";
import type { Policy } from "../policy/policy.ts";
import { isTokenOf } from "../token/is-token-of.ts";
import { Narrower } from "../token/narrower.ts";
import { activationOf, admittedRoles, findActiveRoles } from "./active-roles.ts";
import { Circumstances } from "./circumstances.ts";
import { ALLOWED, type Decision, denial, invalidRequest, type Outcome } from "./decision.ts";
import { Evaluation } from "./evaluation.ts";
import { gatherKeys } from "./gather-keys.ts";
import { KeySet } from "./key-set.ts";
import { type DecisionRequest, findMalformed } from "./request.ts";
import { type ResolvedScope, resolveScope } from "./resolve-scope.ts";
import { unitAt } from "./unit.ts";
import { isVisible } from "./visibility.ts";

// Deciding is synchronous, so one set of keys serves all requests.
const keys = new KeySet();

/**
 * Decides a request (semantics, section 5). Total: whatever the request holds, there is an answer, and no answer but a grant
 * allows. The caller has found the policy, waited for the minimum position and says in `stale` whether the policy is too old.
 *
 * @param now milliseconds since 1970
 */
export function decide(policy: Policy, request: DecisionRequest, now: number): Decision {
  const malformed = findMalformed(request);
  if (malformed !== undefined) return invalidRequest(malformed.field, malformed.detail);
  return decideWellFormed(policy, request, now);
}

/** Decides a request that `findMalformed` passed. */
export function decideWellFormed(policy: Policy, request: DecisionRequest, now: number): Decision {
  const { model } = policy;
  gatherKeys(keys, policy, request, now);
  const scope = resolveScope(policy, request.scope);
  const isProven = request.token === undefined || isTokenOf(request.token, request);
  // Without a good token nobody is established who could see the scope.
  if (request.stale) return isProven ? deny(policy, "Stale", scope, now) : NOBODY_TOLD;
  if (!isProven) return denial("InvalidToken", "Forbidden");
  const active = findActiveRoles(policy, request.activeRoles);
  if (typeof active === "string") return invalidRequest("active_roles", active);
  if (scope === undefined) return denial("UnknownScope", "NotFound");
  const permission = model.catalog.find(request.permission);
  if (permission === undefined) return deny(policy, "UnknownPermission", scope, now);
  const level = model.catalog.levelOf(permission);
  if (level !== scope.level) return deny(policy, "WrongLevel", scope, now, level);
  if (scope.grants.suspended) return deny(policy, "Suspended", scope, now);
  const outcome = evaluate(policy, request, scope, permission, active, now);
  return outcome === "Allowed" ? ALLOWED : deny(policy, outcome, scope, now);
}

const NOBODY_TOLD = denial("Stale", "NotFound");

/** The steps that look at grants: from dynamic separation of duty on. */
function evaluate(
  policy: Policy,
  request: DecisionRequest,
  scope: ResolvedScope,
  permission: number,
  active: readonly number[] | undefined,
  now: number,
): Outcome {
  const { model } = policy;
  if (model.constraints.dynamic.length > 0) {
    const activation = active && activationOf(policy, active);
    const unit = unitAt(policy, keys, scope, now);
    if (unit.findDynamicConflict(activation) !== undefined) return "SeparationOfDuty";
  }
  if (request.token?.valid) {
    const narrower = new Narrower(request.token.narrowing, model.catalog);
    if (!narrower.keeps(permission, request.resourceAttributes)) return "TokenDenied";
  }
  const circumstances = new Circumstances(policy, keys, request, scope, now);
  const target = { permission, resourceName: request.resourceName, circumstances };
  const admitted = active && admittedRoles(policy, keys, scope, active, now);
  return new Evaluation(policy, keys, target, now, admitted).run(scope);
}

function deny(
  policy: Policy,
  outcome: Outcome,
  scope: ResolvedScope | undefined,
  now: number,
  level: Level | 0 = 0,
): Decision {
  const isSeen = scope !== undefined && isVisible(policy, keys, scope, now);
  return denial(outcome, isSeen ? "Forbidden" : "NotFound", level);
}
