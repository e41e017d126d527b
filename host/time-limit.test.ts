import { expect, test } from "vitest";
import { ManualClock } from "../test/support/manual-clock.ts";
import { TimeLimit } from "./time-limit.ts";

const stateOf = ({ signal, isOver }: TimeLimit) => ({ isAborted: signal.aborted, isOver });

test("work ends at its deadline", async () => {
  const clock = new ManualClock();
  const limit = new TimeLimit(clock, 100, []);
  await clock.advance(99);
  expect(stateOf(limit)).toEqual({ isAborted: false, isOver: false });
  await clock.advance(1);
  expect(stateOf(limit)).toEqual({ isAborted: true, isOver: true });
});

test("work without any time left ends at once", () => {
  expect(stateOf(new TimeLimit(new ManualClock(), 0, []))).toEqual({ isAborted: true, isOver: true });
});

test("work whose deadline was lifted, and work that is done, misses none", async () => {
  const clock = new ManualClock();
  const lifted = new TimeLimit(clock, 100, []);
  const done = new TimeLimit(clock, 100, []);
  lifted.lift();
  done.end();
  await clock.advance(1000);
  expect([lifted, done].map(stateOf)).toEqual(Array(2).fill({ isAborted: false, isOver: false }));
});

test("others end the work before its time, even after its deadline was lifted", () => {
  const other = new AbortController();
  const limit = new TimeLimit(new ManualClock(), 100, [undefined, other.signal]);
  limit.lift();
  other.abort();
  expect(stateOf(limit)).toEqual({ isAborted: true, isOver: false });
});

test("work that others have ended before it began says why", () => {
  const reason = new Error("stopped");
  const limit = new TimeLimit(new ManualClock(), 100, [AbortSignal.abort(reason)]);
  expect(limit.signal.reason).toBe(reason);
});

test("work that is done does not hear of others any more", () => {
  const other = new AbortController();
  const limit = new TimeLimit(new ManualClock(), 100, [other.signal]);
  limit.end();
  other.abort();
  expect(limit.signal.aborted).toBe(false);
});
