import { expect, test } from "vitest";
import { inTurns } from "./in-turns.ts";
import { Turns } from "./turns.ts";

/** Nothing is waited for. */
const loading = () => undefined;

/** Work of a thousand steps, by a clock on which each takes a millisecond. */
function* work(): Generator<undefined, string> {
  for (let step = 0; step < 1_000; step++) yield undefined;
  return "done";
}
function clock() {
  let now = 0;
  return { now: () => now++ };
}

test("Others come in between while long work goes on", async () => {
  const turns = new Turns();
  let others = 0;
  let isDone = false;
  const goesRound = () => {
    others++;
    if (!isDone) setImmediate(goesRound);
  };
  setImmediate(goesRound);
  const { signal } = new AbortController();
  expect(await inTurns(work(), { clock: clock(), turns, signal, loading })).toBe("done");
  isDone = true;
  expect(others).toBeGreaterThan(100);
});

test("Work is left alone once the caller has gone", async () => {
  const gone = new AbortController();
  const left = inTurns(work(), { clock: clock(), turns: new Turns(), signal: gone.signal, loading });
  gone.abort();
  await expect(left).rejects.toThrow("abort");
});
