import type { Condition } from "./condition.ts";
import type { ConditionError } from "./condition-error.ts";
import type { ConditionFacts } from "./condition-facts.ts";
import { OVER_BUDGET, StepBudget } from "./step-budget.ts";

/**
 * What conditions come to over the facts of one request: each source is evaluated once, and all together within a budget of
 * steps. So many bindings with conditions for one subject do not keep others waiting.
 */
export class AskedConditions {
  readonly #facts: ConditionFacts;
  readonly #budget: StepBudget;
  readonly #results = new Map<string, boolean | ConditionError>();

  /** @param budget left out: one of its own */
  constructor(facts: ConditionFacts, budget = new StepBudget()) {
    this.#facts = facts;
    this.#budget = budget;
  }

  evaluate(condition: Condition): boolean | ConditionError {
    const known = this.#results.get(condition.source);
    if (known !== undefined) return known;
    if (this.#budget.left === 0) return OVER_BUDGET;
    const result = condition.evaluate(this.#facts, this.#budget);
    this.#results.set(condition.source, result);
    return result;
  }
}
