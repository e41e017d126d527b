import type { CompiledPolicy, CompiledShard } from "../../../engine/compile/compiled-policy.ts";

/** The hashes of shards that a sidecar has. */
export type HashSet = ReadonlySet<string>;

export const NO_HASHES: HashSet = new Set();

type Shards = CompiledPolicy["shards"];

// By the list of shards, which a policy that only reads on shares with its predecessor.
const sets = new WeakMap<Shards, HashSet>();
const differences = new WeakMap<HashSet, WeakMap<Shards, readonly CompiledShard[]>>();

/** The hashes of a policy's shards: one set for all sidecars that have it. */
export function hashesOf({ shards }: CompiledPolicy): HashSet {
  let set = sets.get(shards);
  if (set === undefined) {
    set = new Set(shards.map((shard) => shard.hash));
    sets.set(shards, set);
  }
  return set;
}

/**
 * The shards of a policy that are not held. Worked out once for all sidecars that share the set, since most follow in
 * step and a policy may have ten thousands of shards.
 */
export function missingShards({ shards }: CompiledPolicy, held: HashSet): readonly CompiledShard[] {
  let byShards = differences.get(held);
  if (byShards === undefined) {
    byShards = new WeakMap();
    differences.set(held, byShards);
  }
  let missing = byShards.get(shards);
  if (missing === undefined) {
    missing = shards.filter((shard) => !held.has(shard.hash));
    byShards.set(shards, missing);
  }
  return missing;
}
