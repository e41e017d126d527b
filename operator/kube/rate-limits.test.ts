import { expect, test } from "vitest";
import { RetryLimits, TokenBucket } from "./rate-limits.ts";

test("a key's waits double from 5 ms and are forgotten with success", () => {
  const limits = new RetryLimits(() => 0);
  expect([limits.next("a"), limits.next("a"), limits.next("a"), limits.next("b")]).toEqual([5, 10, 20, 5]);
  limits.forget("a");
  expect(limits.next("a")).toBe(5);
});

test("no wait of one key is longer than 1000 s", () => {
  let now = 0;
  const limits = new RetryLimits(() => now);
  let wait = 0;
  for (let i = 0; i < 60; i++) {
    now += 1_000_000;
    wait = limits.next("a");
  }
  expect(wait).toBe(1_000_000);
});

test("many keys that fail at once share ten tries a second after the first hundred", () => {
  const limits = new RetryLimits(() => 0);
  const waits = Array.from({ length: 120 }, (_, i) => limits.next(`key-${i}`));
  expect(waits.slice(0, 100).every((wait) => wait === 5)).toBe(true);
  expect(waits.at(-1)).toBe(2000);
});

test("a bucket fills again, but not over its burst", () => {
  let now = 0;
  const bucket = new TokenBucket(10, 2, () => now);
  expect([bucket.reserve(), bucket.reserve(), bucket.reserve()]).toEqual([0, 0, 100]);
  now = 60_000;
  expect([bucket.reserve(), bucket.reserve(), bucket.reserve()]).toEqual([0, 0, 100]);
});
