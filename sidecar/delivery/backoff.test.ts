import fc from "fast-check";
import { expect, test } from "vitest";
import { backoffMs } from "./backoff.ts";

const settings = { baseMs: 1_000, maxMs: 30_000 };

test("the bound of a wait doubles up to the longest", () => {
  const bounds = [0, 1, 2, 3, 4, 5, 6].map((failures) => backoffMs(failures, 1, settings));
  expect(bounds).toEqual([1_000, 2_000, 4_000, 8_000, 16_000, 30_000, 30_000]);
});

test("a wait lies anywhere between nothing and its bound", () => {
  fc.assert(
    fc.property(
      fc.nat(),
      fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }),
      (failures, random) => {
        const wait = backoffMs(failures, random, settings);
        expect(wait).toBeGreaterThanOrEqual(0);
        expect(wait).toBeLessThan(30_000);
      },
    ),
  );
});
