import type { Condition } from "../condition/condition.ts";
import { activationOf, admittedIn } from "../decide/active-roles.ts";
import { matchesNames } from "../decide/match-names.ts";
import { standing } from "../decide/standing-grants.ts";
import { StandingSet } from "../decide/standing-set.ts";
import { type DynamicConflict, Unit } from "../decide/unit.ts";
import { Narrower } from "../token/narrower.ts";
import { type Case, type CaseGrant, hypotheticalCaseGrant } from "./case.ts";
import { type Change, changeKey } from "./change.ts";
import type { ConcernedRule, RoleRules } from "./role-rules.ts";

/** What a case comes to, with what a closer look needs. */
export interface Trial {
  readonly isSuspended: boolean;
  readonly isTokenDenied: boolean;
  readonly dynamicConflict: DynamicConflict | undefined;
  /** The grants that apply at the scope, constraints and conditions aside. */
  readonly applying: readonly CaseGrant[];
  readonly unit: Unit;
  /** Roles whose Allow rules count; undefined: all. */
  readonly admitted: ReadonlySet<number> | undefined;
  readonly denials: readonly { readonly grant: CaseGrant; readonly rule: ConcernedRule }[];
  readonly isAllowed: boolean;
}

/** Decides a case with changes made to it: the same steps as `decide`, over grants that may be hypothetical. */
export class TryChanges {
  readonly #case: Case;
  readonly #rules: RoleRules;
  // By kind: most trials change two or three things and look at thousands of grants.
  readonly #keys = new Map<Change["kind"], Set<string>>();
  readonly #changes: readonly Change[];

  /** @param own gathered with the membership that the changes bring, if they bring one */
  constructor(own: Case, rules: RoleRules, changes: readonly Change[]) {
    this.#case = own;
    this.#rules = rules;
    this.#changes = changes;
    for (const change of changes) {
      const keys = this.#keys.get(change.kind);
      if (keys === undefined) this.#keys.set(change.kind, new Set([changeKey(change)]));
      else keys.add(changeKey(change));
    }
  }

  run(): Trial {
    const { policy, scope, request, permission } = this.#case;
    const { model } = policy;
    const candidates = this.#grants();
    const unit = new Unit(
      policy,
      scope,
      new StandingSet(
        policy,
        standing(
          model,
          candidates.filter(({ fits }) => fits),
        ),
      ),
    );
    const applying = candidates.filter((grant) => unit.applies(grant));
    const active = this.#activeRoles();
    const activation = active && activationOf(policy, active);
    const admitted = active && admittedIn(policy, unit, active);
    const isSuspended = scope.grants.suspended && !this.#has({ kind: "Suspension" });
    const narrowing = request.token?.valid ? request.token.narrowing : undefined;
    const isTokenDenied =
      !this.#has({ kind: "Token" }) &&
      !new Narrower(narrowing, model.catalog).keeps(permission, request.resourceAttributes);
    const dynamicConflict = unit.findDynamicConflict(activation);
    const denials = this.#denials(applying);
    const isOpen = !isSuspended && !isTokenDenied && dynamicConflict === undefined && denials.length === 0;
    const isAllowed = isOpen && applying.some((grant) => this.#allows(grant, unit, admitted));
    return { isSuspended, isTokenDenied, dynamicConflict, applying, unit, admitted, denials, isAllowed };
  }

  /** Whether membership, groups, place and window let a grant count. */
  isOpen(grant: CaseGrant): boolean {
    const isMember = grant.grants === this.#case.policy.platform || this.#case.isMember;
    return isMember && grant.counts && grant.fits && grant.isInForce;
  }

  /** Whether the condition of the binding of an Allow is met. */
  isBindingMet(grant: CaseGrant): boolean {
    return this.#valueOfBinding(grant) === true;
  }

  isNamed(rule: ConcernedRule): boolean {
    if (this.#has({ kind: "ResourceName", role: rule.role, rule: rule.index })) return !rule.isDeny;
    const { resourceName } = this.#case.request;
    if (rule.names.length === 0) return true;
    return resourceName === "" ? rule.isDeny : matchesNames(rule.names, resourceName);
  }

  /** Whether the condition of a rule lets it count. */
  isRuleMet(rule: ConcernedRule): boolean {
    if (this.#has({ kind: "RuleCondition", role: rule.role, rule: rule.index })) return !rule.isDeny;
    const value = this.#value(rule.condition);
    return rule.isDeny ? value !== false : value === true;
  }

  #has(change: Change): boolean {
    return this.#keys.get(change.kind)?.has(changeKey(change)) === true;
  }

  #grants(): CaseGrant[] {
    const { policy, scope, grants } = this.#case;
    const kept = grants
      .filter(({ binding }) => binding === "" || !this.#has({ kind: "Binding", binding }))
      .map((grant) =>
        this.#has({ kind: "Window", binding: grant.binding }) ? { ...grant, isInForce: true } : grant,
      );
    const added = this.#changes.flatMap((change) => {
      if (change.kind !== "Grant") return [];
      const shard = change.atPlatform ? policy.platform : scope.grants;
      return [hypotheticalCaseGrant(policy.model, shard, change.scope, change.role, false)];
    });
    return [...kept, ...added];
  }

  #activeRoles(): readonly number[] | undefined {
    const { policy, request } = this.#case;
    const change = this.#changes.find(({ kind }) => kind === "ActiveRoles");
    const named =
      change?.kind === "ActiveRoles"
        ? change.roles
        : request.activeRoles.flatMap((name) => policy.model.roleRows.get(name) ?? []);
    return named.length === 0 ? undefined : named;
  }

  #denials(applying: readonly CaseGrant[]): { grant: CaseGrant; rule: ConcernedRule }[] {
    return applying.flatMap((grant) => {
      if (!grant.isInForce || grant.isDefault || !this.#bindingMayHold(grant)) return [];
      const matching = this.#rules.denying(grant.role).filter((rule) => {
        const isGone = this.#has({ kind: "DenyRule", role: rule.role, rule: rule.index });
        return !isGone && this.isNamed(rule) && this.isRuleMet(rule);
      });
      return matching.map((rule) => ({ grant, rule }));
    });
  }

  /** Whether the condition of the binding of a Deny may be met. */
  #bindingMayHold(grant: CaseGrant): boolean {
    return this.#valueOfBinding(grant) !== false;
  }

  /** One value for all rules of the role: a condition can not be false for its Deny and true for its Allow. */
  #valueOfBinding({ grants, grant, binding }: CaseGrant) {
    if (this.#has({ kind: "BindingCondition", binding, value: true })) return true;
    if (this.#has({ kind: "BindingCondition", binding, value: false })) return false;
    return this.#value(grant < 0 ? undefined : grants.conditionOf(grant));
  }

  #allows(grant: CaseGrant, unit: Unit, admitted: ReadonlySet<number> | undefined): boolean {
    if (!this.isOpen(grant) || !unit.stands(grant) || !this.isBindingMet(grant)) return false;
    const isAllowed = this.#rules
      .allowing(grant.role)
      .some((rule) => (admitted?.has(rule.role) ?? true) && this.isNamed(rule) && this.isRuleMet(rule));
    return isAllowed && unit.findVoid(grant) === undefined;
  }

  #value(condition: Condition | undefined) {
    return condition === undefined ? true : this.#case.conditions.evaluate(condition);
  }
}
