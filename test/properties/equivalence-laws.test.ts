import { expect, it } from "vitest";
import { checkLaws } from "./check-laws.ts";
import { comparisons, equivalenceLaws } from "./equivalence-laws.ts";

checkLaws(equivalenceLaws);

it("compared 100,000 decisions and more", () => {
  expect(comparisons()).toBeGreaterThan(100_000);
});
