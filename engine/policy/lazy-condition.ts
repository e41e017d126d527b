import { type Condition, compileCondition } from "../condition/condition.ts";
import type { ConditionError } from "../condition/condition-error.ts";
import type { ConditionFacts } from "../condition/condition-facts.ts";
import type { StepBudget } from "../condition/step-budget.ts";

/**
 * A condition of a policy, compiled when it is first evaluated and then kept: most conditions of a large policy are never
 * asked in one process. One that can not be compiled is an error wherever it is asked.
 */
export class LazyCondition implements Condition {
  readonly source: string;
  #compiled: Condition | undefined;

  constructor(source: string) {
    this.source = source;
  }

  evaluate(facts: ConditionFacts, budget?: StepBudget): boolean | ConditionError {
    this.#compiled ??= compile(this.source);
    return this.#compiled.evaluate(facts, budget);
  }
}

function compile(source: string): Condition {
  const compiled = compileCondition(source);
  if (!("problem" in compiled)) return compiled;
  const error = { error: compiled.problem };
  return {
    source,
    evaluate(_, budget) {
      budget?.spendOnSource(source, 0);
      return error;
    },
  };
}
