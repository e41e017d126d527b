import type { CompiledPolicy } from "../compile/compiled-policy.ts";
import { Policy } from "./policy.ts";

/**
 * Loads a policy in the process that compiled it. It does not hold the bytes of the shards.
 *
 * @param previous shards that it has are shared
 * @throws SidegateError as `Policy.load`
 */
export function loadCompiled(compiled: CompiledPolicy, previous?: Policy): Policy {
  const bytes = new Map(compiled.shards.map((shard) => [shard.hash, shard.bytes]));
  const shards = compiled.shards.map(({ id, hash }) => ({ id, hash }));
  return Policy.load({ ...compiled, shards }, (hash) => bytes.get(hash) as Uint8Array, previous);
}
