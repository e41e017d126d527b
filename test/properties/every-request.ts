import fc, { type Arbitrary } from "fast-check";
import type { OracleDecision } from "../oracle/decide.ts";
import { createOracle } from "../oracle/oracle.ts";
import type { OracleRequest } from "../oracle/request.ts";
import { anyWorld } from "../worlds/any-world.ts";
import type { Change } from "../worlds/changes.ts";
import { now } from "../worlds/instants.ts";
import { worldWithRequests } from "../worlds/requests.ts";
import type { WorldObjects } from "../worlds/world.ts";
import { createEngine, type Evaluator } from "./engine.ts";
import { showCase } from "./show-case.ts";

/** A request about a world, and one of the two evaluators to ask. */
export interface Case {
  readonly objects: WorldObjects;
  readonly request: OracleRequest;
  /** Milliseconds since 1970. */
  readonly instant: number;
  readonly evaluate: (objects: WorldObjects) => Evaluator;
}

/** Facts that show how a case breaks a law. */
export type Breach = Readonly<Record<string, unknown>>;

/** What follows from the text holds for whoever follows the text. */
const evaluators = [createEngine, createOracle];

/** Holds a law against generated requests about generated worlds, for the engine and for the oracle. */
export function everyRequest(
  breach: (found: Case) => Breach | undefined,
  worlds: Arbitrary<WorldObjects> = anyWorld,
) {
  return fc.property(worldWithRequests(worlds, 4, 3), now, ({ objects, requests }, instant) => {
    for (const request of requests) {
      for (const evaluate of evaluators) report({ objects, request, instant, evaluate }, breach);
    }
  });
}

/** The same for what a change of the world does to a decision. */
export function everyChange(
  change: Arbitrary<Change>,
  isBreach: (before: OracleDecision, after: OracleDecision) => boolean,
  worlds: Arbitrary<WorldObjects> = anyWorld,
) {
  return fc.property(worldWithRequests(worlds, 4, 3), change, now, ({ objects, requests }, make, instant) => {
    const changed = make(objects);
    for (const evaluate of evaluators) {
      const [old, made] = [evaluate(objects), evaluate(changed)];
      for (const request of requests) {
        const [before, after] = [old.decide(request, instant), made.decide(request, instant)];
        const facts = { changed: changed.filter((object) => !objects.includes(object)), before, after };
        report({ objects, request, instant, evaluate }, () => (isBreach(before, after) ? facts : undefined));
      }
    }
  });
}

function report(found: Case, breach: (found: Case) => Breach | undefined): void {
  const facts = breach(found);
  if (facts === undefined) return;
  const { objects, request, instant, evaluate } = found;
  throw new Error(showCase(objects, { request, now: new Date(instant), by: evaluate.name, ...facts }));
}
