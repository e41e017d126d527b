import fc, { type Arbitrary } from "fast-check";
import { expect, it } from "vitest";
import { createOracle } from "../oracle/oracle.ts";
import { conditionalWorld } from "./conditional-world.ts";
import { constrainedWorld } from "./constrained-world.ts";
import { now } from "./instants.ts";
import { narrowedWorld } from "./narrowed-world.ts";
import { worldWithRequests } from "./requests.ts";
import { tangledWorld } from "./tangled-world.ts";
import { keyOf, type WorldObjects, world } from "./world.ts";

const SAMPLE = 2000;

it("gives objects of one kind different names", () => {
  for (const objects of fc.sample(world, { numRuns: SAMPLE, seed: 1 })) {
    expect(new Set(objects.map(keyOf)).size).toBe(objects.length);
  }
});

it("gives tangled worlds with a healthy share of allowed and denied requests", () => {
  const percent = answers(tangledWorld);
  expect(percent("Allowed None")).toBeGreaterThan(8);
  expect(percent("ExplicitDeny NotFound")).toBeGreaterThan(4);
  expect(percent("NoGrant NotFound")).toBeGreaterThan(8);
  expect(percent("NoGrant Forbidden")).toBeGreaterThan(1);
});

it("gives constrained worlds in which much is void or denied, and much is not", () => {
  const percent = answers(constrainedWorld, 100);
  expect(percent("Allowed None")).toBeGreaterThan(12);
  expect(percent("NoGrant Forbidden")).toBeGreaterThan(20);
  expect(percent("SeparationOfDuty Forbidden") + percent("SeparationOfDuty NotFound")).toBeGreaterThan(1);
});

it("gives conditional worlds in which conditions decide either way", () => {
  const percent = answers(conditionalWorld, 4);
  expect(percent("Allowed None")).toBeGreaterThan(6);
  expect(percent("ExplicitDeny Forbidden") + percent("ExplicitDeny NotFound")).toBeGreaterThan(6);
  expect(percent("NoGrant Forbidden")).toBeGreaterThan(12);
});

it("gives tokens of which many are valid and narrow", () => {
  const percent = answers(narrowedWorld, 1);
  expect(percent("Allowed None")).toBeGreaterThan(4);
  expect(percent("TokenDenied Forbidden")).toBeGreaterThan(12);
  expect(percent("InvalidToken Forbidden")).toBeLessThan(60);
});

it("gives requests with every outcome that can be, and a healthy share of allowed ones", () => {
  const percent = answers(world);
  expect(percent("Allowed None")).toBeGreaterThan(8);
  expect(percent("InvalidRequest None")).toBeGreaterThan(0.5);
  expect(percent("UnknownScope NotFound")).toBeGreaterThan(0.5);
  for (const outcome of [
    "Stale",
    "UnknownPermission",
    "WrongLevel",
    "Suspended",
    "ExplicitDeny",
    "NoGrant",
  ]) {
    expect(percent(`${outcome} Forbidden`), `${outcome} Forbidden`).toBeGreaterThan(0.3);
    expect(percent(`${outcome} NotFound`), `${outcome} NotFound`).toBeGreaterThan(0.3);
  }
});

/** The share of each answer of the oracle in a sample, in percent; and in how many requests there is one with a token. */
function answers(worlds: Arbitrary<WorldObjects>, tokenOneIn?: number): (answer: string) => number {
  const counts = new Map<string, number>();
  const cases = fc.sample(fc.tuple(worldWithRequests(worlds, 8, tokenOneIn), now), {
    numRuns: SAMPLE,
    seed: 1,
  });
  for (const [{ objects, requests }, instant] of cases) {
    const oracle = createOracle(objects);
    for (const request of requests) {
      const { outcome, disclosure } = oracle.decide(request, instant);
      const answer = `${outcome} ${disclosure}`;
      counts.set(answer, (counts.get(answer) ?? 0) + 1);
    }
  }
  const total = [...counts.values()].reduce((sum, count) => sum + count, 0);
  return (answer) => (100 * (counts.get(answer) ?? 0)) / total;
}
