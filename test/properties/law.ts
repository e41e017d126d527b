import fc, { type IProperty, type RunDetails } from "fast-check";

/** Something that holds whatever the objects and requests are. */
export interface Law {
  /** The law as a sentence: the name of its test. */
  readonly sentence: string;
  /** Cases that one test run tries. */
  readonly runs: number;
  /** Tries cases until one breaks the law, and shrinks that one. */
  check(parameters: { readonly runs: number; readonly seed?: number }): RunDetails<unknown>;
}

/** @param property throws an error that shows the case where it breaks the law */
export function law<Ts>(sentence: string, runs: number, property: IProperty<Ts>): Law {
  return {
    sentence,
    runs,
    check: (parameters) =>
      fc.check(property, {
        numRuns: parameters.runs,
        ...(parameters.seed === undefined ? {} : { seed: parameters.seed }),
      }) as RunDetails<unknown>,
  };
}

/** What to tell about a broken law: how to try again, and the error of the smallest case. Undefined while it holds. */
export function complaint(details: RunDetails<unknown>): string | undefined {
  if (!details.failed) return undefined;
  const { seed, numRuns, numShrinks, counterexamplePath, errorInstance } = details;
  const error = errorInstance instanceof Error ? errorInstance.message : String(errorInstance);
  const path = `seed ${seed}, path "${counterexamplePath}", case ${numRuns}, ${numShrinks} times shrunk`;
  return `${path}\n${error}`;
}
