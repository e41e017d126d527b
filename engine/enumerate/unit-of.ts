import type { KeySet } from "../decide/key-set.ts";
import type { ResolvedScope } from "../decide/resolve-scope.ts";
import type { StandingSet } from "../decide/standing-set.ts";
import { standingAt, Unit, unitAt } from "../decide/unit.ts";
import type { LoadedGrants } from "../policy/loaded-grants.ts";
import type { Asker } from "./asker.ts";

interface Gathered {
  readonly grants: LoadedGrants;
  readonly instant: number;
  readonly standing: StandingSet;
}

// What stands of an asker in a whole organization, the last that was asked for: a list asks scope after scope.
const gathered = new WeakMap<Asker, Gathered>();

/**
 * The unit of a scope for an asker.
 *
 * @param keys those of the asker at the instant
 * @param instant milliseconds since 1970
 */
export function unitOf(asker: Asker, keys: KeySet, scope: ResolvedScope, instant: number): Unit {
  const { policy } = asker;
  const { grants } = scope;
  if (!policy.model.constraints.hasWide) return unitAt(policy, keys, scope, instant);
  let last = gathered.get(asker);
  if (last?.grants !== grants || last.instant !== instant) {
    last = { grants, instant, standing: standingAt(policy, keys, scope, instant) };
    gathered.set(asker, last);
  }
  return new Unit(policy, scope, last.standing);
}
