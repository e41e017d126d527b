import { expect, test } from "vitest";
import { Backoff } from "./backoff.ts";

test("waits double from 0.8 s up to 30 s and stay there", () => {
  const backoff = new Backoff({ now: () => 0, random: () => 0 });
  expect(Array.from({ length: 8 }, () => backoff.next())).toEqual([
    800, 1600, 3200, 6400, 12_800, 25_600, 30_000, 30_000,
  ]);
});

test("two minutes without a failure start it over", () => {
  let now = 0;
  const backoff = new Backoff({ now: () => now, random: () => 0 });
  backoff.next();
  backoff.next();
  now += 120_000;
  expect(backoff.next()).toBe(3200);
  now += 120_001;
  expect(backoff.next()).toBe(800);
});

test("jitter only ever lengthens, to less than twice", () => {
  const backoff = new Backoff({ now: () => 0, random: () => 0.999 });
  const wait = backoff.next();
  expect(wait).toBeGreaterThan(800);
  expect(wait).toBeLessThan(1600);
});

test("many failures do not overflow", () => {
  const backoff = new Backoff({ now: () => 0, random: () => 0 });
  for (let i = 0; i < 2000; i++) backoff.next();
  expect(backoff.next()).toBe(30_000);
});
