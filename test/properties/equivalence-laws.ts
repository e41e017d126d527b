import { isDeepStrictEqual } from "node:util";
import fc from "fast-check";
import { createOracle } from "../oracle/oracle.ts";
import type { OracleRequest } from "../oracle/request.ts";
import { now } from "../worlds/instants.ts";
import { oddRequest } from "../worlds/odd-requests.ts";
import { worldWithRequests } from "../worlds/requests.ts";
import { tangledWorld } from "../worlds/tangled-world.ts";
import { type WorldObjects, world } from "../worlds/world.ts";
import { createEngine } from "./engine.ts";
import { type Law, law } from "./law.ts";
import { showCase } from "./show-case.ts";

/** Compiled equals interpreted. */
export const equivalenceLaws: readonly Law[] = [
  law(
    "the engine decides as the oracle does",
    4000,
    fc.property(worldWithRequests(world, 8), now, ({ objects, requests }, instant) =>
      compare(objects, requests, instant),
    ),
  ),
  law(
    "the engine decides in tangles of roles and groups as the oracle does",
    4000,
    fc.property(worldWithRequests(tangledWorld, 8), now, ({ objects, requests }, instant) =>
      compare(objects, requests, instant),
    ),
  ),
  law(
    "the engine decides odd requests as the oracle does",
    1000,
    fc.property(world, fc.array(oddRequest, { minLength: 1, maxLength: 8 }), now, compare),
  ),
];

function compare(objects: WorldObjects, requests: readonly OracleRequest[], instant: number): void {
  const [engine, oracle] = [createEngine(objects), createOracle(objects)];
  for (const request of requests) {
    const [compiled, interpreted] = [engine.decide(request, instant), oracle.decide(request, instant)];
    if (isDeepStrictEqual(compiled, interpreted)) continue;
    throw new Error(showCase(objects, { request, now: new Date(instant), compiled, interpreted }));
  }
}
