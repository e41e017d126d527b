import type { KeySet } from "../decide/key-set.ts";
import type { ResolvedScope } from "../decide/resolve-scope.ts";
import { hasBit } from "../policy/loaded-catalog.ts";
import type { Asker } from "./asker.ts";
import { addDependencies } from "./dependencies.ts";
import { Future } from "./future.ts";
import { DependencyList, type Holding } from "./holding.ts";
import type { Outlook } from "./outlook.ts";

/** Tells how sure it is that one of several permissions is held; undefined: it is not. */
export type Hold = (wanted: readonly number[]) => Holding | undefined;

/**
 * What an asker holds at a scope.
 *
 * @param keys those of the asker; they must stay as they are while the function is used
 * @param outlook of the asker at the scope now
 * @param now milliseconds since 1970
 */
export function holdingOf(
  asker: Asker,
  keys: KeySet,
  scope: ResolvedScope,
  outlook: Outlook,
  now: number,
): Hold {
  let future: Future | undefined;
  return (wanted) => {
    const possible = wanted.filter((permission) => hasBit(outlook.possible, 0, permission));
    if (possible.length === 0) return undefined;
    // Of all that is wanted: one permission may come as another goes.
    const isSo = (certain: Uint32Array) => wanted.some((permission) => hasBit(certain, 0, permission));
    if (isSo(outlook.certain)) {
      future ??= new Future(asker, keys, scope, now);
      return { certainty: "Always", until: future.until(isSo) };
    }
    const found = new DependencyList();
    addDependencies(found, asker, keys, scope, possible, now);
    return { certainty: "Conditional", dependsOn: found.list() };
  };
}
