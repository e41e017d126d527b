import { decide } from "../decide/decide.ts";
import type { Outcome } from "../decide/decision.ts";
import type { DecisionRequest } from "../decide/request.ts";
import { resolveScope } from "../decide/resolve-scope.ts";
import type { Policy } from "../policy/policy.ts";
import { describeChange } from "./describe-change.ts";
import { explainGrants } from "./explain-grants.ts";
import { explainToken } from "./explain-token.ts";
import type { Explanation } from "./explanation.ts";
import { CaseTrials, findNearestMisses } from "./nearest-misses.ts";

/** Outcomes that grants have to do with. The others say themselves what is wrong. */
const ABOUT_GRANTS: ReadonlySet<Outcome> = new Set([
  "Allowed",
  "Suspended",
  "SeparationOfDuty",
  "TokenDenied",
  "ExplicitDeny",
  "NoGrant",
]);

/**
 * Decides a request and says why (semantics, section 12): the grants that have to do with it, and for a denial the smallest
 * changes that would allow it. For the operator's eyes.
 *
 * @param now milliseconds since 1970
 */
export function explain(policy: Policy, request: DecisionRequest, now: number): Explanation {
  const decision = decide(policy, request, now);
  const scope = resolveScope(policy, request.scope);
  const permission = policy.model.catalog.find(request.permission);
  const token = explainToken(policy, request);
  if (!ABOUT_GRANTS.has(decision.outcome) || scope === undefined || permission === undefined)
    return { decision, token, grants: [], nearestMisses: [] };
  const trials = new CaseTrials(policy, request, scope, permission, now);
  const misses = decision.outcome === "Allowed" ? [] : findNearestMisses(trials);
  return {
    decision,
    token,
    grants: explainGrants(trials),
    nearestMisses: misses.map((changes) => ({
      changes: changes.map((change) => describeChange(trials.caseOf([]), change)),
    })),
  };
}
