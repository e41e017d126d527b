import type { Failure, Value } from "./value.ts";

/** Thrown when an evaluation has used up its steps. Nothing absorbs it but the end of the evaluation. */
export const outOfSteps: unique symbol = Symbol("out of steps");

/** Thrown at values that are nested too deeply to be compared. */
export const tooDeep: unique symbol = Symbol("too deep");

/** How deep lists and maps that are compared may be nested: the same everywhere, where the stack would differ. */
export const MAX_VALUE_DEPTH = 100;

/**
 * One evaluation. A step is about the work of one operator on small values; what grows with data (a turn of a comprehension,
 * characters looked at, elements compared) is spent before it is done.
 */
export class Run {
  /** What the variables are read from. */
  readonly facts: object;
  /** The variables of the comprehensions around, outermost first. */
  readonly locals: Value[] = [];
  #depth = 0;
  #steps: number;

  constructor(facts: object, steps: number) {
    this.facts = facts;
    this.#steps = steps;
  }

  /** The steps that it has not used; below 0 when it ran out of them. */
  get left(): number {
    return this.#steps;
  }

  spend(steps: number): void {
    this.#steps -= steps;
    if (this.#steps < 0) throw outOfSteps;
  }

  /** Compares the elements of two lists or maps. */
  within(compare: () => boolean): boolean {
    if (this.#depth === MAX_VALUE_DEPTH) throw tooDeep;
    this.#depth++;
    const result = compare();
    this.#depth--;
    return result;
  }

  /** Steps for looking at so many characters or bytes. */
  spendText(length: number): void {
    if (length > TEXT_PER_STEP) this.spend(Math.ceil(length / TEXT_PER_STEP));
  }
}

/** Characters that are copied or compared in the time of one step. */
export const TEXT_PER_STEP = 32;

/** An expression, compiled. */
export type Evaluate = (run: Run) => Value | Failure;

/** Reads a variable; undefined when it is absent. */
export type ReadVariable = (run: Run) => Value | Failure | undefined;
