import type { SidegateObject } from "../../engine/model/objects.generated.ts";
import { askerOf, decide, type OracleDecision } from "./decide.ts";
import { existing } from "./existing.ts";
import type { OracleRequest } from "./request.ts";
import { parseScope } from "./scopes.ts";
import { readToken } from "./tokens.ts";
import { isVisible } from "./visible.ts";

/** Interprets the objects of one domain sentence by sentence, without compiling anything. */
export interface Oracle {
  /** @param now milliseconds since 1970 */
  decide(request: OracleRequest, now: number): OracleDecision;
  /** Whether who asks sees the scope of the request. @param now milliseconds since 1970 */
  visible(request: OracleRequest, now: number): boolean;
}

/**
 * The second evaluator: what docs/reference/semantics.md says, as directly as it can be written down, to compare the
 * engine with. It is slow on purpose: nothing is indexed, remembered or shared with the engine.
 */
export function createOracle(objects: readonly SidegateObject[]): Oracle {
  const world = existing(objects);
  return {
    decide: (request, now) => decide(world, request, now),
    visible(request, now) {
      const scope = parseScope(request.scope);
      const asker = askerOf(request, request.token && readToken(world, request, now));
      return scope !== undefined && asker !== undefined && isVisible(world, asker, scope, now);
    },
  };
}
