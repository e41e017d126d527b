import { Precedences } from "../decide/precedence.ts";
import { readSubjectKey } from "../model/subject.ts";
import { scopeText } from "../policy/scope-text.ts";
import type { Case, CaseGrant } from "./case.ts";
import { describeCondition } from "./describe-condition.ts";
import type { Effect, ExplainedGrant } from "./explanation.ts";
import type { CaseTrials } from "./nearest-misses.ts";
import { bindingRef, roleRef } from "./object-refs.ts";
import type { ConcernedRule } from "./role-rules.ts";
import type { Trial, TryChanges } from "./try-changes.ts";

/** As many grants are told, those that decide first. */
const MAX_GRANTS = 50;

/** What becomes of each grant that applies and whose role has a rule for the permission. */
export function explainGrants(trials: CaseTrials): ExplainedGrant[] {
  const own = trials.caseOf([]);
  const tried = trials.try([]);
  const trial = tried.run();
  const explainer = new GrantExplainer(own, tried, trial);
  const explained = trial.applying.flatMap((grant) => [
    ...trials.rules.denying(grant.role).flatMap((rule) => explainer.explainDeny(grant, rule)),
    ...trials.rules.allowing(grant.role).map((rule) => explainer.explainAllow(grant, rule)),
  ]);
  const rank = ({ effect }: ExplainedGrant) => (effect === "Denies" ? 0 : effect === "Allows" ? 1 : 2);
  return explained.sort((a, b) => rank(a) - rank(b)).slice(0, MAX_GRANTS);
}

class GrantExplainer {
  readonly #case: Case;
  readonly #tried: TryChanges;
  readonly #trial: Trial;
  readonly #precedences: Precedences;

  constructor(own: Case, tried: TryChanges, trial: Trial) {
    this.#case = own;
    const candidates = own.grants.filter(({ fits }) => fits);
    this.#precedences = new Precedences(own.policy.model, candidates);
    this.#tried = tried;
    this.#trial = trial;
  }

  /** Only Deny rules that match are told: the others do no harm. */
  explainDeny(grant: CaseGrant, rule: ConcernedRule): ExplainedGrant[] {
    const isMatch = this.#trial.denials.some((denial) => denial.grant === grant && denial.rule === rule);
    return isMatch ? [this.#describe(grant, rule, "Denies", this.#conditions(grant, rule))] : [];
  }

  explainAllow(grant: CaseGrant, rule: ConcernedRule): ExplainedGrant {
    const [effect, detail] = this.#judge(grant, rule);
    return this.#describe(grant, rule, effect, detail);
  }

  #judge(grant: CaseGrant, rule: ConcernedRule): [Effect, string] {
    const { now, policy } = this.#case;
    const { unit, admitted } = this.#trial;
    if (!grant.isInForce) return [now < grant.grants.windowOf(grant.grant).notBefore ? "NotYet" : "Over", ""];
    if (!grant.fits) return ["NotFitting", ""];
    const isMember = grant.grants === policy.platform || this.#case.isMember;
    if (!isMember || !grant.counts) return ["NoMembership", ""];
    if (!unit.standing.includes(grant)) return ["Yields", this.#precedence(grant)];
    const reason = unit.findVoid(grant);
    if (reason !== undefined) {
      const other = reason.by.grants.bindingName(reason.by.grant);
      return [
        "Void",
        `AccessConstraint "${reason.constraint.name}" voids it, in conflict with AccessRoleBinding "${other}"`,
      ];
    }
    if (admitted !== undefined && !admitted.has(rule.role)) return ["NotActive", ""];
    if (!this.#tried.isNamed(rule)) return ["Names", `it is for ${rule.names.join(", ")}`];
    const isMet = this.#tried.isBindingMet(grant) && this.#tried.isRuleMet(rule);
    return [isMet ? "Allows" : "Condition", this.#conditions(grant, rule)];
  }

  /** What a default yields to. */
  #precedence(grant: CaseGrant): string {
    const found = this.#precedences.find(grant);
    if (found === undefined) return "";
    const { constraint, by } = found;
    const which = `AccessConstraint "${constraint.name}"`;
    if (by === undefined) return `its role alone carries more roles than ${which} allows`;
    return `by ${which} it yields to AccessRoleBinding "${by.grants.bindingName(by.grant)}"`;
  }

  #conditions({ grants, grant }: CaseGrant, { condition }: ConcernedRule): string {
    const conditions = [grants.conditionOf(grant), condition].filter((one) => one !== undefined);
    return conditions.map((one) => describeCondition(one, this.#case.facts)).join("; ");
  }

  #describe(grant: CaseGrant, rule: ConcernedRule, effect: Effect, detail: string): ExplainedGrant {
    const { policy, keys } = this.#case;
    const subject = readSubjectKey(keys.text(grant.key));
    return {
      binding: bindingRef(grant),
      role: roleRef(policy.model, grant.role),
      ruleRole: roleRef(policy.model, rule.role),
      rule: rule.index,
      scope: scopeText(grant.grants, grant.scope),
      subject: `${subject.kind}:${subject.name}`,
      effect,
      detail,
    };
  }
}
