import { conditionLimits } from "../model/condition-limits.ts";
import { type Program, readProgram, resultOf, type SourceProblem } from "./cel/program.ts";
import { type Evaluate, Run } from "./cel/run.ts";
import { Failure, typeName } from "./cel/value.ts";
import type { ConditionError } from "./condition-error.ts";
import type { ConditionFacts } from "./condition-facts.ts";
import { estimateCost } from "./estimate-cost.ts";
import { OVER_BUDGET, type StepBudget } from "./step-budget.ts";
import { environmentFor, variables } from "./variables.ts";

/** A compiled condition. */
export interface Condition {
  readonly source: string;
  /**
   * Total: never throws, and gives nothing but `true`, `false` or an error.
   *
   * @param budget what the steps are taken from; left out: nothing but the limit of one evaluation
   */
  evaluate(facts: ConditionFacts, budget?: StepBudget): boolean | ConditionError;
}

/** Why a source is no condition. */
export interface ConditionProblem {
  /** A sentence without full stop: what is wrong and where. */
  readonly problem: string;
}

/**
 * Reads and checks a condition: syntax, variables, fields and types, regular expressions, that it is boolean, and what it
 * costs. A source that is not accepted gives a problem; such a condition is inert. Total.
 */
export function compileCondition(source: string): Condition | ConditionProblem {
  const { conditionLength } = conditionLimits;
  if (source.length > conditionLength) return { problem: `it has more than ${conditionLength} characters` };
  const most = { all: conditionLimits.conditionDepth, made: conditionLimits.conditionLiteralDepth };
  const program = readProgram(source, environmentFor(source), variables, most);
  if ("message" in program) return { problem: describeProblem(source, program) };
  const problem = problemOf(program);
  if (problem !== undefined) return { problem };
  return new CompiledCondition(source, program);
}

const { conditionSteps } = conditionLimits;
const TOO_MANY = `it takes more than ${conditionSteps} steps`;

/** Holds no syntax tree: there are many conditions, and they are kept. */
class CompiledCondition implements Condition {
  readonly source: string;
  readonly #evaluate: Evaluate;
  readonly #instructions: number;

  constructor(source: string, { evaluate, instructions }: Program) {
    this.source = source;
    this.#evaluate = evaluate;
    this.#instructions = instructions;
  }

  evaluate(facts: ConditionFacts, budget?: StepBudget): boolean | ConditionError {
    if (budget?.spendOnSource(this.source, this.#instructions) === false) return OVER_BUDGET;
    const isShort = budget !== undefined && budget.left < conditionSteps;
    const steps = isShort ? budget.left : conditionSteps;
    const run = new Run(facts, steps);
    const result = resultOf(this.#evaluate, run, isShort ? OVER_BUDGET.error : TOO_MANY);
    budget?.spend(steps - run.left);
    if (typeof result === "boolean") return result;
    return { error: result instanceof Failure ? result.message : `it is a ${typeName(result)}, not a bool` };
  }
}

/** What is wrong with a source as a condition, or undefined. */
export function checkCondition(source: string): ConditionProblem | undefined {
  const result = compileCondition(source);
  return isConditionProblem(result) ? result : undefined;
}

export function isConditionProblem(result: Condition | ConditionProblem): result is ConditionProblem {
  return "problem" in result;
}

function problemOf({ tree, type }: Program): string | undefined {
  const { conditionCost } = conditionLimits;
  if (type !== "bool" && type !== "dyn") return `it must be a bool, but is of type ${type}`;
  const cost = estimateCost(tree);
  if (cost <= conditionCost) return undefined;
  return `it may take ${cost} steps, more than ${conditionCost}; nest fewer comprehensions, or make regular expressions smaller`;
}

function describeProblem(source: string, { message, position }: SourceProblem): string {
  if (position === undefined) return message;
  const before = source.slice(0, position).split("\n");
  const column = (before.at(-1) as string).length + 1;
  return source.includes("\n")
    ? `${message}, at line ${before.length}, character ${column}`
    : `${message}, at character ${column}`;
}
