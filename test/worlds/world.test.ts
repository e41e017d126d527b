import fc from "fast-check";
import { expect, it } from "vitest";
import { createOracle } from "../oracle/oracle.ts";
import { now } from "./instants.ts";
import { worldWithRequests } from "./requests.ts";
import { keyOf, world } from "./world.ts";

const SAMPLE = 2000;

it("gives objects of one kind different names", () => {
  for (const objects of fc.sample(world, { numRuns: SAMPLE, seed: 1 })) {
    expect(new Set(objects.map(keyOf)).size).toBe(objects.length);
  }
});

it("gives requests with every outcome that can be, and a healthy share of allowed ones", () => {
  const counts = new Map<string, number>();
  const cases = fc.sample(fc.tuple(worldWithRequests(world, 8), now), { numRuns: SAMPLE, seed: 1 });
  for (const [{ objects, requests }, instant] of cases) {
    const oracle = createOracle(objects);
    for (const request of requests) {
      const { outcome, disclosure } = oracle.decide(request, instant);
      const answer = `${outcome} ${disclosure}`;
      counts.set(answer, (counts.get(answer) ?? 0) + 1);
    }
  }
  const total = [...counts.values()].reduce((sum, count) => sum + count, 0);
  const percent = (answer: string) => (100 * (counts.get(answer) ?? 0)) / total;
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
