import type { CompiledPolicy, CompiledShard } from "../../engine/compile/compiled-policy.ts";

/** The hashes of shards that a sidecar has. */
export type HashSet = ReadonlySet<string>;

export const NO_HASHES: HashSet = new Set();

const sets = new WeakMap<CompiledPolicy, HashSet>();
const differences = new WeakMap<HashSet, WeakMap<CompiledPolicy, readonly CompiledShard[]>>();

/** The hashes of a policy's shards: one set for all sidecars that have it. */
export function hashesOf(policy: CompiledPolicy): HashSet {
  let set = sets.get(policy);
  if (set === undefined) {
    set = new Set(policy.shards.map((shard) => shard.hash));
    sets.set(policy, set);
  }
  return set;
}

/**
 * The shards of a policy that are not held. Worked out once for all sidecars that share the set, since most follow in
 * step and a policy may have ten thousands of shards.
 */
export function missingShards(policy: CompiledPolicy, held: HashSet): readonly CompiledShard[] {
  let byPolicy = differences.get(held);
  if (byPolicy === undefined) {
    byPolicy = new WeakMap();
    differences.set(held, byPolicy);
  }
  let missing = byPolicy.get(policy);
  if (missing === undefined) {
    missing = policy.shards.filter((shard) => !held.has(shard.hash));
    byPolicy.set(policy, missing);
  }
  return missing;
}
