import { fitsAt } from "../decide/is-fitting.ts";
import type { LoadedConstraint } from "../policy/loaded-constraints.ts";
import type { Case, CaseGrant } from "./case.ts";
import { type Change, changeKey } from "./change.ts";
import type { ConcernedRule, RoleRules } from "./role-rules.ts";
import type { Trial, TryChanges } from "./try-changes.ts";

/** More changes than this are not tried; those of what the subject holds come first. */
const MAX_PROPOSALS = 150;

/** The changes that may help a case that comes to a denial, each once. */
export function proposeChanges(own: Case, rules: RoleRules, trial: Trial, tried: TryChanges): Change[] {
  const proposals = [
    ...proposeForRequest(own, trial),
    ...trial.denials.flatMap(({ grant, rule }) => proposeAgainstDeny(own, grant, rule)),
    ...trial.applying.flatMap((grant) => proposeForGrant(rules, grant, tried)),
    ...proposeAgainstConflicts(own, rules, trial),
    ...proposeGrants(own, rules),
  ];
  const distinct = new Map(proposals.map((change) => [changeKey(change), change]));
  return [...distinct.values()].slice(0, MAX_PROPOSALS);
}

function proposeForRequest(own: Case, trial: Trial): Change[] {
  const changes: Change[] = [];
  if (trial.isSuspended) changes.push({ kind: "Suspension" });
  if (trial.isTokenDenied) changes.push({ kind: "Token" });
  if (!own.isMember) changes.push({ kind: "Membership" });
  if (own.request.activeRoles.length > 0 || trial.dynamicConflict !== undefined)
    changes.push(...proposeActiveRoles(own, trial));
  return changes;
}

/** To name no active roles, one more, or one alone. */
function proposeActiveRoles({ policy, request }: Case, { applying }: Trial): Change[] {
  const named = request.activeRoles.flatMap((name) => policy.model.roleRows.get(name) ?? []);
  const held = [...new Set(applying.map(({ role }) => role))];
  const choices = [...held.map((role) => [role]), ...held.map((role) => [...new Set([...named, role])])];
  if (named.length > 0) choices.unshift([]);
  return choices.map((roles) => ({ kind: "ActiveRoles", roles }));
}

function proposeAgainstDeny({ request }: Case, grant: CaseGrant, rule: ConcernedRule): Change[] {
  const { binding } = grant;
  const place = { role: rule.role, rule: rule.index };
  const changes: Change[] = [
    { kind: "Binding", binding },
    { kind: "DenyRule", ...place },
  ];
  if (rule.condition !== undefined) changes.push({ kind: "RuleCondition", ...place });
  // Without a resource name any might be meant, whatever the names are.
  if (rule.names.length > 0 && request.resourceName !== "") changes.push({ kind: "ResourceName", ...place });
  if (grant.grants.isConditional(grant.grant))
    changes.push({ kind: "BindingCondition", binding, value: false });
  return changes;
}

/** What keeps a grant that applies, and whose role may allow the permission, from allowing it. */
function proposeForGrant(rules: RoleRules, grant: CaseGrant, tried: TryChanges): Change[] {
  const allowing = rules.allowing(grant.role);
  if (allowing.length === 0 || !grant.fits || grant.binding === "") return [];
  const { binding } = grant;
  const changes: Change[] = [];
  if (!grant.isInForce) changes.push({ kind: "Window", binding });
  if (!tried.isBindingMet(grant)) changes.push({ kind: "BindingCondition", binding, value: true });
  for (const rule of allowing) {
    const place = { role: rule.role, rule: rule.index };
    if (!tried.isNamed(rule)) changes.push({ kind: "ResourceName", ...place });
    if (!tried.isRuleMet(rule)) changes.push({ kind: "RuleCondition", ...place });
  }
  return changes;
}

/** To take away what conflicts, or would conflict, with a role that may allow the permission. */
function proposeAgainstConflicts({ policy, grants }: Case, rules: RoleRules, trial: Trial): Change[] {
  const { constraints, roles } = policy.model;
  if (constraints.voiding.length + constraints.dynamic.length === 0) return [];
  const helping = new Set<LoadedConstraint>();
  for (let role = 0; role < roles.count; role++) {
    if (rules.allowing(role).length === 0) continue;
    for (const { constraint } of constraints.of(role)) helping.add(constraint);
  }
  if (trial.dynamicConflict !== undefined)
    for (const constraint of constraints.dynamic) helping.add(constraint);
  return grants
    .filter(
      ({ role, binding }) =>
        binding !== "" && constraints.of(role).some((part) => helping.has(part.constraint)),
    )
    .map(({ binding }) => ({ kind: "Binding", binding }));
}

/** To give a role that may allow the permission, at the lowest scope of the chain where it may be assigned. */
function proposeGrants({ policy, scope }: Case, rules: RoleRules): Change[] {
  const { roles } = policy.model;
  const isPlatform = scope.grants === policy.platform;
  const changes: { readonly change: Change; readonly breadth: number }[] = [];
  for (let role = 0; role < roles.count; role++) {
    if (rules.allowing(role).length === 0) continue;
    const below = isPlatform ? [] : chainOf(scope);
    const place = below.find((row) => fitsAt(policy.model, scope.grants, row, role));
    if (place !== undefined)
      changes.push({
        change: { kind: "Grant", role, atPlatform: false, scope: place },
        breadth: breadthOf(policy, role),
      });
    else if (fitsAt(policy.model, policy.platform, 0, role))
      changes.push({
        change: { kind: "Grant", role, atPlatform: true, scope: 0 },
        breadth: breadthOf(policy, role),
      });
  }
  // The role that allows the least comes first.
  return changes.sort((a, b) => a.breadth - b.breadth).map(({ change }) => change);
}

function chainOf({ grants, row }: Case["scope"]): number[] {
  const chain = [row];
  for (let scope = row; scope !== 0; ) chain.push((scope = grants.parentOf(scope)));
  return chain;
}

/** How many permissions a role may allow. */
function breadthOf({ model }: Case["policy"], role: number): number {
  const { all } = model.roles;
  const at = model.roles.at(role);
  let count = 0;
  for (let word = 0; word < model.catalog.words; word++) {
    let bits = all.allow[at + word]! | all.narrowAllow[at + word]!;
    for (; bits !== 0; bits &= bits - 1) count++;
  }
  return count;
}
