import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { CaseRequest } from "../../cli/cases/case-world.ts";
import type { SidegateObject } from "../../engine/model/objects.generated.ts";
import type { CasbinTest } from "./casbin-data.ts";
import { fillGaps } from "./casbin-gaps.ts";
import { readModel } from "./casbin-model.ts";
import { type Assertion, replay } from "./casbin-replay.ts";
import { toWorld } from "./casbin-world.ts";

/** An assertion, as a request to objects or with the reason why it is none. */
export type CasbinCase = Assertion &
  (
    | { readonly reason: string }
    | {
        readonly reason?: undefined;
        readonly objects: readonly SidegateObject[];
        readonly ask: CaseRequest;
      }
  );

/** All assertions. @param folder where casbin-assertions.json lies */
export function casbinCases(folder: string): CasbinCase[] {
  const { tests } = JSON.parse(readFileSync(join(folder, "casbin-assertions.json"), "utf8")) as {
    readonly tests: readonly CasbinTest[];
  };
  const assertions = fillGaps(tests).flatMap(replay);
  const byState = Map.groupBy(assertions, ({ state }) => state);
  return [...byState.values()].flatMap(translate);
}

/** Assertions that share one state share its objects. */
function translate(assertions: readonly Assertion[]): CasbinCase[] {
  const { state } = assertions[0]!;
  const model = state.reason === undefined ? readModel(state.definitions) : { reason: state.reason };
  if ("reason" in model) return assertions.map((each) => ({ ...each, reason: model.reason }));
  const { objects, toRequest } = toWorld(
    model,
    state,
    assertions.map(({ request }) => request),
  );
  return assertions.map((each) => ({ ...each, objects, ask: toRequest(each.request) }));
}
