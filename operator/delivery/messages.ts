import type { CompiledPolicy, CompiledShard } from "../../engine/compile/compiled-policy.ts";
import { SyncResponse } from "../../proto/generated/delivery.js";

// Signatures are empty in all messages: the stream's transport is what vouches for them.

/** A piece of a shard, from byte `start` to before byte `end`. */
export function encodeChunk(domain: string, shard: CompiledShard, start: number, end: number): Buffer {
  return SyncResponse.encode({
    chunk: {
      domain,
      hash: Buffer.from(shard.hash, "hex"),
      data: shard.bytes.subarray(start, end),
      last: end === shard.bytes.length,
    },
  }).finish();
}

/** How old the time in an encoded Commit may be before it is encoded anew, in milliseconds. */
const COMMIT_AGE_MS = 250;
const commits = new WeakMap<CompiledPolicy, { issuedAt: number; bytes: Buffer }>();

/**
 * A Commit. One encoding serves all sidecars that get the policy at about the same time; a time of issue that is a little
 * too early only makes the policy look older than it is.
 *
 * @param issuedAt when the policy was the current one, milliseconds since 1970
 */
export function encodeCommit(policy: CompiledPolicy, issuedAt: number): Buffer {
  const known = commits.get(policy);
  if (known && known.issuedAt <= issuedAt && issuedAt - known.issuedAt < COMMIT_AGE_MS) return known.bytes;
  const shards = policy.shards.map(({ id, hash, bytes }) => ({
    id,
    hash: Buffer.from(hash, "hex"),
    size: bytes.length,
  }));
  const { domain, revision, epoch, position } = policy;
  const manifest = { domain, revision, epoch, position, issuedAt, shards };
  const bytes = SyncResponse.encode({ commit: { policy: manifest } }).finish();
  commits.set(policy, { issuedAt, bytes });
  return bytes;
}

export function encodeProgress(policy: CompiledPolicy, issuedAt: number): Buffer {
  const { domain, revision, epoch, position } = policy;
  return SyncResponse.encode({ progress: { domain, revision, epoch, position, issuedAt } }).finish();
}

export function encodeBehind({ domain, epoch, position }: CompiledPolicy): Buffer {
  return SyncResponse.encode({ behind: { domain, epoch, position } }).finish();
}

export function encodeHeartbeat(intervalMs: number): Buffer {
  return SyncResponse.encode({ heartbeat: { intervalMs } }).finish();
}
