import { describe, expect, test } from "vitest";
import type { Clock } from "../../host/clock.ts";
import { inTurns } from "./in-turns.ts";

/** A clock on which each look takes 4 ms, and which tells how often it was waited for. */
function slowClock(): Clock & { turns: number } {
  let now = 0;
  return {
    turns: 0,
    now: () => (now += 4),
    wallTime: () => now,
    after(_ms, task) {
      this.turns++;
      const timer = setImmediate(task);
      return () => clearImmediate(timer);
    },
  };
}

function* steps(count: number): Generator<undefined, string> {
  for (let step = 0; step < count; step++) yield undefined;
  return "done";
}

describe("Work in turns", () => {
  test("comes to its result, and lets others in between every 10 ms", async () => {
    const clock = slowClock();
    expect(await inTurns(steps(30), clock, new AbortController().signal)).toBe("done");
    expect(clock.turns).toBe(10);
  });

  test("ends when it is not wanted any more", async () => {
    const abort = new AbortController();
    const work = inTurns(steps(1_000_000), slowClock(), abort.signal);
    abort.abort();
    await expect(work).rejects.toThrow("aborted");
  });
});
