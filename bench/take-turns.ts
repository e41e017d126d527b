import type { BenchmarkContext, Unit } from "./benchmark.ts";

/** One of several things that are timed in turn. */
export interface Contender {
  readonly what: string;
  readonly unit: Extract<Unit, "us" | "ms">;
  /** How often it is done in a round, so that a round is long enough for the clock. */
  readonly count: number;
  /**
   * Makes ready what one round needs, untimed.
   *
   * @param number of the first one, from 0; they are numbered through
   * @returns what is timed: does it `count` times and says how often the answer was right
   */
  readonly prepare: (number: number) => () => number | Promise<number>;
  readonly target?: number;
}

/**
 * Times contenders in turn, round by round, so that whatever else the machine does hits all of them, and reports each one's
 * time for one.
 *
 * @param warmUp rounds that come first and are not counted: they compile the code
 * @throws Error if any answer is wrong
 */
export async function takeTurns(
  contenders: readonly Contender[],
  rounds: number,
  warmUp: number,
  report: BenchmarkContext["report"],
): Promise<void> {
  const samples = contenders.map((): number[] => []);
  for (let round = 0; round < warmUp + rounds; round++) {
    for (const [at, contender] of contenders.entries()) {
      const time = await timeRound(contender, round);
      if (round >= warmUp) samples[at]?.push(time);
    }
  }
  for (const [at, { what, unit, target }] of contenders.entries())
    report({ what, unit, samples: samples[at] ?? [], ...(target === undefined ? {} : { target }) });
}

async function timeRound({ what, unit, count, prepare }: Contender, round: number): Promise<number> {
  const work = prepare(round * count);
  const start = performance.now();
  const answer = work();
  const right = typeof answer === "number" ? answer : await answer;
  const ms = (performance.now() - start) / count;
  if (right !== count) throw new Error(`${what}: ${count - right} of ${count} answers are wrong`);
  return unit === "us" ? ms * 1000 : ms;
}

/**
 * A contender that answers one question after the other.
 *
 * @param ask makes question number n
 * @param isRight asks it and says whether the answer is right
 */
export function questions<Question>(
  facts: Omit<Contender, "prepare">,
  ask: (number: number) => Question,
  isRight: (question: Question) => boolean,
): Contender {
  return {
    ...facts,
    prepare: (from) => {
      const asked = makeWhole(Array.from({ length: facts.count }, (_, at) => ask(from + at)));
      return () => {
        let right = 0;
        for (const question of asked) if (isRight(question)) right++;
        return right;
      };
    },
  };
}

/** Strings that were put together from parts are made whole on first use, which is not to be measured; parsed ones are whole. */
export function makeWhole<Value>(value: Value): Value {
  return JSON.parse(JSON.stringify(value));
}
