import { Circumstances } from "../../engine/decide/circumstances.ts";
import { type ExaminedGrant, examineGrants, isEffective } from "../../engine/decide/examine-grants.ts";
import { gatherKeys } from "../../engine/decide/gather-keys.ts";
import { KeySet } from "../../engine/decide/key-set.ts";
import type { DecisionRequest } from "../../engine/decide/request.ts";
import { resolveScope } from "../../engine/decide/resolve-scope.ts";
import type { Policy } from "../../engine/policy/policy.ts";

/**
 * The roles whose rules a request's subject has at its scope by effective grants (semantics, section 4; active roles are not
 * asked), so that a denial for want of a grant says that none of these roles gives the permission.
 *
 * @param now milliseconds since 1970
 */
export function effectiveRoles(policy: Policy, request: DecisionRequest, now: number): Set<string> {
  const keys = new KeySet();
  gatherKeys(keys, policy, request, now);
  const scope = resolveScope(policy, request.scope);
  if (scope === undefined) return new Set();
  const circumstances = new Circumstances(policy, keys, request, scope, now);
  const isMet = ({ grants, grant }: ExaminedGrant) =>
    !grants.isConditional(grant) || circumstances.isMet(grants.conditionOf(grant));
  const effective = examineGrants(policy, keys, scope, now).filter(
    (grant) => isEffective(grant) && isMet(grant),
  );
  return new Set(effective.map(({ role }) => policy.model.roles.names[role]!));
}
