import type { KeySet } from "../decide/key-set.ts";
import type { ResolvedScope } from "../decide/resolve-scope.ts";
import { hasBit } from "../policy/loaded-catalog.ts";
import type { Asker } from "./asker.ts";
import { addDependencies } from "./dependencies.ts";
import { Future } from "./future.ts";
import { DependencyList, type Holding } from "./holding.ts";
import type { Outlook } from "./outlook.ts";

/**
 * Tells how sure it is that an asker has one of several permissions at a scope, all of them possible there.
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
): (permissions: readonly number[]) => Holding {
  let future: Future | undefined;
  return (permissions) => {
    const isSo = (certain: Uint32Array) => permissions.some((permission) => hasBit(certain, 0, permission));
    if (isSo(outlook.certain)) {
      future ??= new Future(asker, keys, scope, now);
      return { certainty: "Always", until: future.until(isSo) };
    }
    const found = new DependencyList();
    addDependencies(found, asker, keys, scope, permissions, now);
    return { certainty: "Conditional", dependsOn: found.list() };
  };
}
