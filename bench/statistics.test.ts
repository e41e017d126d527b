import { expect, it } from "vitest";
import { quantile, ratios, summarize } from "./statistics.ts";

it("takes the middle of an odd number and between the two of an even one", () => {
  expect(quantile([3, 1, 2], 0.5)).toBe(2);
  expect(quantile([4, 1, 2, 3], 0.5)).toBe(2.5);
});

it("goes from the least to the most", () => {
  expect(quantile([5, 9, 7], 0)).toBe(5);
  expect(quantile([5, 9, 7], 1)).toBe(9);
  expect(quantile([5], 0.99)).toBe(5);
});

it("summarizes rounds by their median and quartiles", () => {
  expect(summarize([10, 20, 30, 40, 50])).toEqual({ median: 30, low: 20, high: 40, rounds: 5 });
});

it("relates each round to the one beside it", () => {
  expect(ratios([2, 9], [1, 3])).toEqual([2, 3]);
});
