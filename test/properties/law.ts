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

/** What to tell about a broken law: the command that tries again, and the smallest case. Undefined while it holds. */
export function complaint(law: Law, details: RunDetails<unknown>): string | undefined {
  if (!details.failed) return undefined;
  const { seed, numRuns, numShrinks, errorInstance } = details;
  const error = errorInstance instanceof Error ? errorInstance.message : String(errorInstance);
  const command = `node test/properties/long-run.ts --seed=${seed} --law "${law.sentence}"`;
  return `Broken by case ${numRuns}, shrunk ${numShrinks} times. Again: ${command}\n${error}`;
}
