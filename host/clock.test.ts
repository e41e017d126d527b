import { afterEach, expect, it, vi } from "vitest";
import { createSystemClock } from "./clock.ts";

const DAY_MS = 86_400_000;

afterEach(() => vi.useRealTimers());

it("calls soon, and without a warning of Node's, for an instant that has passed", async () => {
  const warnings: Error[] = [];
  const warn = (warning: Error) => warnings.push(warning);
  process.on("warning", warn);
  try {
    await new Promise<void>((resolve) => createSystemClock().after(-0.06, resolve));
    // Warnings are emitted in a tick of their own.
    await new Promise((resolve) => setImmediate(resolve));
    expect(warnings).toEqual([]);
  } finally {
    process.off("warning", warn);
  }
});

it("waits for as long as a staleness bound may be, which is more than a timer of Node's can", () => {
  vi.useFakeTimers();
  const clock = createSystemClock();
  const came: string[] = [];
  clock.after(365 * DAY_MS, () => came.push("year"));
  const cancel = clock.after(30 * DAY_MS, () => came.push("month"));
  vi.advanceTimersByTime(29 * DAY_MS);
  cancel();
  vi.advanceTimersByTime(336 * DAY_MS - 1);
  expect(came).toEqual([]);
  vi.advanceTimersByTime(1);
  expect(came).toEqual(["year"]);
});
