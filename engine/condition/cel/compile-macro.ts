import type { ASTNode } from "@marcbachmann/cel-js";
import { notBoolean } from "./compile-logic.ts";
import { CompileProblem } from "./compile-problem.ts";
import { keysOf } from "./equality.ts";
import type { Compile, Names } from "./names.ts";
import type { Evaluate, Run } from "./run.ts";
import { Failure, isList, isMap, type Result, typeName, type Value } from "./value.ts";

const argumentsOfMacros: ReadonlyMap<string, readonly number[]> = new Map([
  ["all", [2]],
  ["exists", [2]],
  ["exists_one", [2]],
  ["filter", [2]],
  ["map", [2, 3]],
]);

export function isMacro(name: string, count: number): boolean {
  return argumentsOfMacros.get(name)?.includes(count) === true;
}

/** What a turn of a comprehension gives; `undefined` goes on. */
type Turn = (value: Result, element: Value) => Result | undefined;

/** How a comprehension goes on after each turn, and what it gives at the end. */
interface Fold {
  readonly turn: Turn;
  readonly end: () => Result;
}

/** `list.all(x, …)` and its kin. Each turn costs a step and one for each operator in it. */
export function compileMacro(
  name: string,
  range: ASTNode,
  args: readonly ASTNode[],
  names: Names,
  compile: Compile,
): Evaluate {
  const [variable, ...bodies] = args;
  if (variable?.op !== "id") {
    throw new CompileProblem(
      `the first argument of ${name}() must be a name`,
      variable?.start ?? range.start,
    );
  }
  const evaluateRange = compile(range, names);
  const inner = { ...names, locals: [...names.locals, variable.args] };
  const compiled = bodies.map((body) => compile(body, inner));
  const turnCost = Math.ceil(
    bodies.reduce((sum, body) => sum + (body.end - body.start) / SOURCE_PER_STEP, 1),
  );
  const body = compiled.length === 2 ? mapIf(compiled[0]!, compiled[1]!) : compiled[0]!;
  const slot = names.locals.length;
  const startFold = folds.get(name) as () => Fold;
  return (run) => {
    const value = evaluateRange(run);
    if (value instanceof Failure) return value;
    const elements = rangeOf(value, run);
    if (elements === undefined) return new Failure(`${name}() of a ${typeName(value)} is not defined`);
    return turnAll(elements, { run, slot, turnCost, body, fold: startFold() });
  };
}

/** What a comprehension goes over: the elements of a list or the keys of a map. */
function rangeOf(value: Value, run: Run): readonly Value[] | undefined {
  if (isList(value)) return value;
  return isMap(value) ? keysOf(value, run) : undefined;
}

/** Characters of source that stand for an operator, at least: the cost of a turn is never below its work. */
const SOURCE_PER_STEP = 4;

interface Loop {
  readonly run: Run;
  readonly slot: number;
  readonly turnCost: number;
  readonly body: Evaluate;
  readonly fold: Fold;
}

function turnAll(elements: readonly Value[], { run, slot, turnCost, body, fold }: Loop): Result {
  for (const element of elements) {
    run.spend(turnCost);
    run.locals[slot] = element;
    const ended = fold.turn(body(run), element);
    if (ended !== undefined) return ended;
  }
  return fold.end();
}

/** Marks an element that the three-argument `map` leaves out. */
const leftOut = new Failure("left out");

function mapIf(condition: Evaluate, transform: Evaluate): Evaluate {
  return (run) => {
    const value = condition(run);
    if (value === true) return transform(run);
    return value === false ? leftOut : notBoolean(value);
  };
}

const folds: ReadonlyMap<string, () => Fold> = new Map<string, () => Fold>([
  ["all", () => quantify(false)],
  ["exists", () => quantify(true)],
  ["exists_one", existsOne],
  ["filter", filter],
  ["map", map],
]);

function quantify(decisive: boolean): Fold {
  let failure: Failure | undefined;
  const turn: Turn = (value) => {
    if (value === decisive) return decisive;
    if (value !== !decisive) failure ??= notBoolean(value);
    return undefined;
  };
  return { turn, end: () => failure ?? !decisive };
}

function existsOne(): Fold {
  let found = 0;
  const turn: Turn = (value) => {
    if (typeof value !== "boolean") return notBoolean(value);
    if (value) found++;
    return undefined;
  };
  return { turn, end: () => found === 1 };
}

function filter(): Fold {
  const list: Value[] = [];
  const turn: Turn = (value, element) => {
    if (typeof value !== "boolean") return notBoolean(value);
    if (value) list.push(element);
    return undefined;
  };
  return { turn, end: () => list };
}

function map(): Fold {
  const list: Value[] = [];
  const turn: Turn = (value) => {
    if (value === leftOut) return undefined;
    if (value instanceof Failure) return value;
    list.push(value);
    return undefined;
  };
  return { turn, end: () => list };
}
