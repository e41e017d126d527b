import { LRUCache } from "lru-cache";
import type { CompiledPolicy, CompiledShard } from "../../../engine/compile/compiled-policy.ts";
import { SyncResponse } from "../../../proto/generated/delivery.js";
import type { Signer } from "../../trust/signer.ts";
import { inOwnMemory } from "./in-own-memory.ts";

/** Bytes of chunks that are kept. */
const CHUNK_BYTES = 4 * 1024 * 1024;

/** The chunks that were sent last, since most sidecars follow in step: what waits to be sent is the same for all of them. */
const chunks = new LRUCache<string, Buffer>({
  maxSize: CHUNK_BYTES,
  sizeCalculation: (bytes) => bytes.length,
});

/**
 * A piece of a shard, from byte `start` to before byte `end`. One encoding serves all sidecars that get it at about the same
 * time.
 */
export function encodeChunk(domain: string, shard: CompiledShard, start: number, end: number): Buffer {
  const key = `${domain} ${shard.hash} ${start} ${end}`;
  let bytes = chunks.get(key);
  if (bytes === undefined) {
    const data = shard.bytes.subarray(start, end);
    const hash = Buffer.from(shard.hash, "hex");
    const chunk = { domain, hash, data, last: end === shard.bytes.length };
    bytes = inOwnMemory(SyncResponse.encode({ chunk }).finish());
    chunks.set(key, bytes);
  }
  return bytes;
}

/** How old the time in an encoded message may be before it is encoded, and signed, anew; in milliseconds. */
const REUSE_MS = 250;

interface Encoded {
  readonly issuedAt: number;
  readonly signer: Signer | undefined;
  readonly bytes: Buffer;
}

const commits = new WeakMap<CompiledPolicy, Encoded>();
const progresses = new WeakMap<CompiledPolicy, Encoded>();

/**
 * A Commit. One encoding, with one signature, serves all sidecars that get the policy at about the same time; a time of
 * issue that is a little too early only makes the policy look older than it is.
 *
 * @param issuedAt when the policy was the current one, milliseconds since 1970
 * @param signer undefined: the message is not signed, because its transport vouches for it
 */
export function encodeCommit(policy: CompiledPolicy, issuedAt: number, signer?: Signer): Buffer {
  return reuse(commits, policy, issuedAt, signer, () => {
    const { domain, revision, epoch, position } = policy;
    const shards = policy.shards.map(({ id, hash, bytes }) => ({
      id,
      hash: Buffer.from(hash, "hex"),
      size: bytes.length,
    }));
    const manifest = { domain, revision, epoch, position, issuedAt, shards };
    return SyncResponse.encode({ commit: { policy: manifest, ...signer?.sign(manifest) } }).finish();
  });
}

/** A Progress, on the same terms. */
export function encodeProgress(policy: CompiledPolicy, issuedAt: number, signer?: Signer): Buffer {
  return reuse(progresses, policy, issuedAt, signer, () => {
    const { domain, revision, epoch, position } = policy;
    const statement = { domain, revision, epoch, position, issuedAt };
    return SyncResponse.encode({ progress: { ...statement, ...signer?.sign(statement) } }).finish();
  });
}

function reuse(
  cache: WeakMap<CompiledPolicy, Encoded>,
  policy: CompiledPolicy,
  issuedAt: number,
  signer: Signer | undefined,
  encode: () => Buffer,
): Buffer {
  const known = cache.get(policy);
  const ageMs = issuedAt - (known?.issuedAt ?? Number.NEGATIVE_INFINITY);
  if (known?.signer === signer && known !== undefined && ageMs >= 0 && ageMs < REUSE_MS) return known.bytes;
  const bytes = encode();
  cache.set(policy, { issuedAt, signer, bytes });
  return bytes;
}

export function encodeBehind({ domain, epoch, position }: CompiledPolicy): Buffer {
  return SyncResponse.encode({ behind: { domain, epoch, position } }).finish();
}

export function encodeHeartbeat(intervalMs: number): Buffer {
  return SyncResponse.encode({ heartbeat: { intervalMs } }).finish();
}
