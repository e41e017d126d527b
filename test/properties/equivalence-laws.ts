import { isDeepStrictEqual } from "node:util";
import fc, { type Arbitrary } from "fast-check";
import { createOracle } from "../oracle/oracle.ts";
import type { OracleRequest } from "../oracle/request.ts";
import { conditionalWorld } from "../worlds/conditional-world.ts";
import { constrainedWorld } from "../worlds/constrained-world.ts";
import { now } from "../worlds/instants.ts";
import { narrowedWorld } from "../worlds/narrowed-world.ts";
import { oddRequest } from "../worlds/odd-requests.ts";
import { worldWithRequests } from "../worlds/requests.ts";
import { tangledWorld } from "../worlds/tangled-world.ts";
import { type WorldObjects, world } from "../worlds/world.ts";
import { createEngine } from "./engine.ts";
import { type Law, law } from "./law.ts";
import { showCase } from "./show-case.ts";

/** Compiled equals interpreted. */
export const equivalenceLaws: readonly Law[] = [
  agreement("the engine decides as the oracle does", 4500, worldWithRequests(world, 8)),
  agreement(
    "the engine decides in tangles of roles and groups as the oracle does",
    6000,
    worldWithRequests(tangledWorld, 8, 100),
  ),
  agreement(
    "the engine decides under constraints as the oracle does",
    6000,
    worldWithRequests(constrainedWorld, 8, 100),
  ),
  agreement(
    "the engine decides by conditions as the oracle does",
    5000,
    worldWithRequests(conditionalWorld, 8, 4),
  ),
  agreement("the engine narrows by tokens as the oracle does", 6000, worldWithRequests(narrowedWorld, 8, 1)),
  agreement(
    "the engine decides odd requests as the oracle does",
    1000,
    fc.record({ objects: world, requests: fc.array(oddRequest, { minLength: 1, maxLength: 8 }) }),
  ),
];

/** How many decisions of engine and oracle were compared so far, those of shrinking included. */
export function comparisons(): number {
  return compared;
}

let compared = 0;

function agreement(
  sentence: string,
  runs: number,
  cases: Arbitrary<{ objects: WorldObjects; requests: readonly OracleRequest[] }>,
): Law {
  return law(
    sentence,
    runs,
    fc.property(cases, now, ({ objects, requests }, instant) => compare(objects, requests, instant)),
  );
}

function compare(objects: WorldObjects, requests: readonly OracleRequest[], instant: number): void {
  const [engine, oracle] = [createEngine(objects), createOracle(objects)];
  for (const request of requests) {
    compared++;
    const [compiled, interpreted] = [engine.decide(request, instant), oracle.decide(request, instant)];
    if (isDeepStrictEqual(compiled, interpreted)) continue;
    throw new Error(showCase(objects, { request, now: new Date(instant), compiled, interpreted }));
  }
}
