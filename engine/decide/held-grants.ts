import type { LoadedGrants } from "../policy/loaded-grants.ts";
import type { KeySet } from "./key-set.ts";

/** A grant of a shard, and the key that it is given to. */
export interface HeldGrant {
  readonly grant: number;
  readonly key: number;
}

/** All grants of a shard that are given to one of the keys, wherever and whenever they apply. Not for the decision path. */
export function* heldGrants(keys: KeySet, grants: LoadedGrants): Iterable<HeldGrant> {
  for (let key = 0; key < keys.count; key++) {
    const subject = keys.rowIn(grants, key);
    if (subject < 0) continue;
    for (let grant = grants.firstGrant(subject); grant < grants.endOfGrants(subject); grant++)
      yield { grant, key };
  }
}

/** The scopes of a shard that bindings of the keys name: at all others there is what there is at the nearest of these above. */
export function boundScopes(keys: KeySet, grants: LoadedGrants): ReadonlySet<number> {
  const bound = new Set<number>();
  for (const { grant } of heldGrants(keys, grants)) bound.add(grants.scopeOf(grant));
  return bound;
}
