import { conditionLimits } from "../model/condition-limits.ts";
import type { ConditionError } from "./condition-error.ts";

const { requestSteps } = conditionLimits;

/** What every condition comes to that is asked beyond the budget. */
export const OVER_BUDGET: ConditionError = {
  error: `the conditions of the request take more than ${requestSteps} steps together`,
};

/** What compiling takes, in the time of a step. */
const STEPS_PER_CHARACTER = 8;
const STEPS_PER_INSTRUCTION = 64;

/** The steps that all conditions of one request may take together. Once too many were asked for, none are left. */
export class StepBudget {
  #left: number = requestSteps;

  get left(): number {
    return this.#left;
  }

  /** @returns whether there was enough */
  spend(steps: number): boolean {
    const isEnough = steps <= this.#left;
    this.#left = isEnough ? this.#left - steps : 0;
    return isEnough;
  }

  /**
   * Spends what a source takes to be compiled. It counts whether or not it was compiled before, so that an answer does not
   * hang on who asked before.
   */
  spendOnSource(source: string, instructions: number): boolean {
    return this.spend(source.length * STEPS_PER_CHARACTER + instructions * STEPS_PER_INSTRUCTION);
  }
}
