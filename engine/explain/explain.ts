import { decide } from "../decide/decide.ts";
import type { Outcome } from "../decide/decision.ts";
import type { DecisionRequest } from "../decide/request.ts";
import { resolveScope } from "../decide/resolve-scope.ts";
import type { DynamicConflict } from "../decide/unit.ts";
import { finished } from "../model/finished.ts";
import { quote } from "../model/quote.ts";
import { untilLoaded } from "../policy/organizations.ts";
import type { Policy } from "../policy/policy.ts";
import { changeKey } from "./change.ts";
import { describeChange } from "./describe-change.ts";
import { explainGrants } from "./explain-grants.ts";
import { explainToken } from "./explain-token.ts";
import type { ExplainedChange, ExplainedMiss, Explanation } from "./explanation.ts";
import { CaseTrials, findNearestMisses, type NearestMiss } from "./nearest-misses.ts";

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
  return finished(explainInSteps(policy, request, now));
}

/** The same in steps, so that the caller may let others in between: a subject may have thousands of grants. */
export function* explainInSteps(
  policy: Policy,
  request: DecisionRequest,
  now: number,
): Generator<undefined, Explanation> {
  const [decision, scope] = yield* untilLoaded(
    policy.organizations,
    () => [decide(policy, request, now), resolveScope(policy, request.scope)] as const,
  );
  const permission = policy.model.catalog.find(request.permission);
  const token = explainToken(policy, request);
  if (!ABOUT_GRANTS.has(decision.outcome) || scope === undefined || permission === undefined)
    return { decision, token, conflict: "", grants: [], nearestMisses: [] };
  const trials = new CaseTrials(policy, request, scope, permission, now);
  const misses = decision.outcome === "Allowed" ? [] : yield* findNearestMisses(trials);
  return {
    decision,
    token,
    conflict: describeConflict(policy, trials.try([]).run().dynamicConflict),
    grants: yield* explainGrants(trials),
    nearestMisses: yield* describeMisses(trials, misses),
  };
}

/** Several misses may share a change, which is described once. */
function describeConflict({ model }: Policy, found: DynamicConflict | undefined): string {
  if (found === undefined) return "";
  const { constraint, roles } = found;
  const names = roles.map((role) => quote(model.roles.names[role]!)).join(", ");
  return `AccessConstraint ${quote(constraint.name)} lets at most ${constraint.atMost} of its roles be active, and ${names} are`;
}

function* describeMisses(
  trials: CaseTrials,
  misses: readonly NearestMiss[],
): Generator<undefined, ExplainedMiss[]> {
  const described = new Map<string, ExplainedChange>();
  for (const change of misses.flat()) {
    const key = changeKey(change);
    if (!described.has(key)) described.set(key, yield* describeChange(trials.caseOf([]), change));
  }
  return misses.map((changes) => ({ changes: changes.map((change) => described.get(changeKey(change))!) }));
}
