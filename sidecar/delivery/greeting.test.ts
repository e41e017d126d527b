import { expect, test } from "vitest";
import { greetingMs } from "./greeting.ts";

test("a replica gets some seconds to greet, and more after others that have not", () => {
  const tries = [0, 1, 2, 3, 1_000];
  expect(tries.map((unanswered) => greetingMs(unanswered, 0))).toEqual([
    4_000, 12_000, 30_000, 30_000, 30_000,
  ]);
});

test("the time is spread by half, and never reaches that of a session which was of use", () => {
  expect(greetingMs(0, 0.5)).toBe(5_000);
  expect(greetingMs(1_000, 1)).toBeLessThan(60_000);
});
