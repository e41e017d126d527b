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

/** What becomes of each grant that applies and whose role has a rule for the permission. Yields now and then. */
export function* explainGrants(trials: CaseTrials): Generator<undefined, ExplainedGrant[]> {
  const own = trials.caseOf([]);
  const tried = trials.try([]);
  const trial = tried.run();
  const explainer = new GrantExplainer(own, tried, trial);
  const byRank: Judged[][] = [[], [], []];
  let looked = 0;
  for (const grant of trial.applying) {
    if (++looked % BREATH === 0) yield undefined;
    for (const rule of trials.rules.denying(grant.role))
      if (explainer.denies(grant, rule)) byRank[0]!.push({ grant, rule, effect: "Denies" });
    for (const rule of trials.rules.allowing(grant.role)) {
      const effect = explainer.effectOf(grant, rule);
      byRank[effect === "Allows" ? 1 : 2]!.push({ grant, rule, effect });
    }
  }
  return byRank
    .flat()
    .slice(0, MAX_GRANTS)
    .map((judged) => explainer.describe(judged));
}

/** Grants that are looked at without a pause. */
const BREATH = 64;

/** A grant with a rule, and what becomes of it. */
interface Judged {
  readonly grant: CaseGrant;
  readonly rule: ConcernedRule;
  readonly effect: Effect;
}

class GrantExplainer {
  readonly #case: Case;
  readonly #tried: TryChanges;
  readonly #trial: Trial;
  readonly #precedences: Precedences;
  readonly #matching = new Map<CaseGrant, ConcernedRule[]>();

  constructor(own: Case, tried: TryChanges, trial: Trial) {
    this.#case = own;
    const candidates = own.grants.filter(({ fits }) => fits);
    this.#precedences = new Precedences(own.policy.model, candidates);
    this.#tried = tried;
    this.#trial = trial;
    for (const { grant, rule } of trial.denials) {
      const rules = this.#matching.get(grant);
      if (rules === undefined) this.#matching.set(grant, [rule]);
      else rules.push(rule);
    }
  }

  /** Only Deny rules that match are told: the others do no harm. */
  denies(grant: CaseGrant, rule: ConcernedRule): boolean {
    return this.#matching.get(grant)?.includes(rule) === true;
  }

  /** What becomes of an Allow rule. */
  effectOf(grant: CaseGrant, rule: ConcernedRule): Effect {
    const { now, policy } = this.#case;
    const { unit, admitted } = this.#trial;
    if (!grant.isInForce) return now < grant.grants.windowOf(grant.grant).notBefore ? "NotYet" : "Over";
    if (!grant.fits) return "NotFitting";
    const isMember = grant.grants === policy.platform || this.#case.isMember;
    if (!isMember || !grant.counts) return "NoMembership";
    if (!unit.stands(grant)) return "Yields";
    if (unit.findVoid(grant) !== undefined) return "Void";
    if (admitted !== undefined && !admitted.has(rule.role)) return "NotActive";
    if (!this.#tried.isNamed(rule)) return "Names";
    return this.#tried.isBindingMet(grant) && this.#tried.isRuleMet(rule) ? "Allows" : "Condition";
  }

  #detailOf({ grant, rule, effect }: Judged): string {
    switch (effect) {
      case "Yields":
        return this.#precedence(grant);
      case "Void":
        return this.#void(grant);
      case "Names":
        return `it is for ${rule.names.join(", ")}`;
      case "Allows":
      case "Denies":
      case "Condition":
        return this.#conditions(grant, rule);
      default:
        return "";
    }
  }

  #void(grant: CaseGrant): string {
    const { constraint, by } = this.#trial.unit.findVoid(grant)!;
    const other = by.grants.bindingName(by.grant);
    return `AccessConstraint "${constraint.name}" voids it, in conflict with AccessRoleBinding "${other}"`;
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
    return conditions.map((one) => describeCondition(one, this.#case)).join("; ");
  }

  describe(judged: Judged): ExplainedGrant {
    const { grant, rule, effect } = judged;
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
      detail: this.#detailOf(judged),
    };
  }
}
