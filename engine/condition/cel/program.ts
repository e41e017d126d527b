import type { ASTNode, Environment, ParseResult } from "@marcbachmann/cel-js";
import { compile } from "./compile.ts";
import { CompileProblem } from "./compile-problem.ts";
import { checkOperandsOfHas } from "./environment.ts";
import { type Evaluate, MAX_VALUE_DEPTH, outOfSteps, type ReadVariable, Run, tooDeep } from "./run.ts";
import { type Depth, depthOf } from "./syntax.ts";
import { Failure, type Result } from "./value.ts";

/** An expression that has been parsed, checked and compiled. */
export interface Program {
  readonly tree: ASTNode;
  /** The type that the check found, for example "bool", or "dyn" where only the evaluation tells. */
  readonly type: string;
  readonly evaluate: Evaluate;
  /** Instructions of the regular expressions in the source, as estimated. */
  readonly instructions: number;
}

/** Why a source is no program. */
export interface SourceProblem {
  /** A sentence without full stop. */
  readonly message: string;
  /** Where in the source, in UTF-16 code units, if it is in one place. */
  readonly position: number | undefined;
}

/** Parses, checks and compiles a source that is not deeper than `most`. Total. */
export function readProgram(
  source: string,
  environment: Environment,
  variables: ReadonlyMap<string, ReadVariable>,
  most: Depth,
): Program | SourceProblem {
  try {
    const parsed = environment.parse(source);
    const depth = depthOf(parsed.ast);
    if (depth.all > most.all) throw new CompileProblem(`it is nested more than ${most.all} deep`);
    if (depth.made > most.made) {
      throw new CompileProblem(`it makes lists or maps that are nested more than ${most.made} deep`);
    }
    const type = checkTypes(parsed);
    const tree = parsed.ast;
    const patterns = { instructions: 0 };
    const evaluate = compile(tree, { variables, locals: [], patterns });
    return { tree, type, evaluate, instructions: patterns.instructions };
  } catch (error) {
    return toProblem(error);
  }
}

function checkTypes(parsed: ParseResult): string {
  checkOperandsOfHas(parsed.ast);
  const { valid, type, error } = parsed.check();
  if (!valid) throw error;
  return type ?? "dyn";
}

function toProblem(error: unknown): SourceProblem {
  if (error instanceof CompileProblem) return { message: error.message, position: error.position };
  if (error instanceof RangeError) return { message: "it is nested too deeply", position: undefined };
  if (error instanceof Error && "summary" in error) {
    const { summary, range } = error as Error & { summary: unknown; range?: { start: number } };
    return { message: reword(String(summary)), position: range?.start };
  }
  return { message: "it cannot be checked", position: undefined };
}

/** The library's sentences in the words of Sidegate. */
function reword(summary: string): string {
  return summary
    .replace(/^Unknown variable: /, "there is no variable ")
    .replace(/^No such key: /, "there is no field ")
    .replace(/^[A-Z]/, (letter) => letter.toLowerCase());
}

/** Evaluates within so many steps. Total: whatever happens, there is a value or an error. */
export function runProgram(evaluate: Evaluate, facts: object, steps: number): Result {
  return resultOf(evaluate, new Run(facts, steps), `it takes more than ${steps} steps`);
}

/** The same with a run of the caller's, which tells how many steps are left, and an error for when there are none. */
export function resultOf(evaluate: Evaluate, run: Run, tooManySteps: string): Result {
  try {
    return evaluate(run);
  } catch (error) {
    if (error === outOfSteps) return new Failure(tooManySteps);
    if (error === tooDeep) return new Failure(`a value is nested more than ${MAX_VALUE_DEPTH} deep`);
    return new Failure("it could not be evaluated");
  }
}
