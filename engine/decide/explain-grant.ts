import { readSubjectKey } from "../model/subject.ts";
import type { Policy } from "../policy/policy.ts";
import { scopeText } from "../policy/scope-text.ts";
import { admittedRoles, findActiveRoles } from "./active-roles.ts";
import { Circumstances } from "./circumstances.ts";
import { type DecidingGrant, Evaluation } from "./evaluation.ts";
import { gatherKeys } from "./gather-keys.ts";
import { KeySet } from "./key-set.ts";
import type { DecisionRequest } from "./request.ts";
import { resolveScope } from "./resolve-scope.ts";
import { allowingRole, denyingRole, type Target } from "./rule-match.ts";

/** The grant that decided. */
export interface GrantExplanation {
  readonly binding: string;
  /** The role that the binding names. */
  readonly role: string;
  /** The role in which the rule stands: the same, or one that it includes. */
  readonly ruleRole: string;
  /** The scope that the binding names, as in requests. */
  readonly scope: string;
  /** The subject of the binding through which the request's subject has the grant, "Kind:name". */
  readonly subject: string;
}

/**
 * The grant that made `decide` answer Allowed or ExplicitDeny to the same request. Ask it after no other outcome: it looks at
 * grants and rules alone.
 *
 * @param now milliseconds since 1970
 */
export function explainGrant(
  policy: Policy,
  request: DecisionRequest,
  now: number,
): GrantExplanation | undefined {
  const keys = new KeySet();
  gatherKeys(keys, policy, request, now);
  const scope = resolveScope(policy, request.scope);
  const permission = policy.model.catalog.find(request.permission);
  const active = findActiveRoles(policy, request.activeRoles);
  if (scope === undefined || permission === undefined || typeof active === "string") return undefined;
  const circumstances = new Circumstances(policy, keys, request, scope, now);
  const target = { permission, resourceName: request.resourceName, circumstances };
  const admitted = active && admittedRoles(policy, keys, scope, active, now);
  const evaluation = new Evaluation(policy, keys, target, now, admitted);
  evaluation.run(scope);
  const { denied, allowed } = evaluation;
  if (denied !== undefined)
    return describe(policy, keys, denied, (role) => denyingRole(policy.model.roles, role, target));
  if (allowed === undefined) return undefined;
  return describe(policy, keys, allowed, (role) => findAllowingRole(policy, role, target, admitted));
}

function findAllowingRole(
  policy: Policy,
  role: number,
  target: Target,
  admitted: ReadonlySet<number> | undefined,
): number | undefined {
  return allowingRole(policy.model.roles, role, target, (from) => admitted?.has(from) ?? true);
}

function describe(
  { model }: Policy,
  keys: KeySet,
  { grants, grant, key }: DecidingGrant,
  findRuleRole: (role: number) => number | undefined,
): GrantExplanation {
  const role = grants.roleOf(grant, model);
  const { kind, name } = readSubjectKey(keys.text(key));
  return {
    binding: grants.bindingName(grant),
    role: grants.roleName(grant),
    ruleRole: model.roles.names[findRuleRole(role) ?? role]!,
    scope: scopeText(grants, grants.scopeOf(grant)),
    subject: `${kind}:${name}`,
  };
}
