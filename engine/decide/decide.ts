import type { Level } from "../model/scope.ts";
import type { Policy } from "../policy/policy.ts";
import { admittedRoles, findActiveRoles } from "./active-roles.ts";
import { ALLOWED, type Decision, denial, invalidRequest, type Outcome } from "./decision.ts";
import { Evaluation } from "./evaluation.ts";
import { gatherKeys } from "./gather-keys.ts";
import { KeySet } from "./key-set.ts";
import { type DecisionRequest, findMalformed } from "./request.ts";
import { type ResolvedScope, resolveScope } from "./resolve-scope.ts";
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
  if (request.stale) return deny(policy, "Stale", scope, now);
  // No policy of this build verifies tokens, so none is valid.
  if (request.token) return denial("InvalidToken", "Forbidden");
  const active = findActiveRoles(policy, request.activeRoles);
  if (typeof active === "string") return invalidRequest("active_roles", active);
  if (scope === undefined) return denial("UnknownScope", "NotFound");
  const permission = model.catalog.find(request.permission);
  if (permission === undefined) return deny(policy, "UnknownPermission", scope, now);
  const level = model.catalog.levelOf(permission);
  if (level !== scope.level) return deny(policy, "WrongLevel", scope, now, level);
  if (scope.grants.suspended) return deny(policy, "Suspended", scope, now);
  const target = { permission, resourceName: request.resourceName };
  const admitted = active && admittedRoles(policy, keys, scope, active, now);
  const outcome = new Evaluation(policy, keys, target, now, admitted).run(scope);
  return outcome === "Allowed" ? ALLOWED : deny(policy, outcome, scope, now);
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
