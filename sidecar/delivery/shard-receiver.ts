import { createHash, type Hash } from "node:crypto";
import { SidegateError } from "../../engine/errors/sidegate-error.ts";
import { DIGEST_BYTES, formatDigest } from "../../engine/model/digest.ts";
import type { ShardChunk } from "../../proto/generated/delivery.js";

/** What a sidecar takes, in bytes and numbers; deliveryLimits holds the usual ones. */
export interface ReceiveLimits {
  readonly chunkBytes: number;
  readonly shardBytes: number;
  /** Of all shards that are held until a Commit. */
  readonly policyBytes: number;
  readonly shards: number;
}

interface UnfinishedShard {
  readonly hash: string;
  readonly parts: Uint8Array[];
  readonly digest: Hash;
  bytes: number;
}

/**
 * Puts the chunks of one domain's shards together and keeps verified shards until a policy uses them.
 *
 * Shards outlive a broken stream: they are announced in the next Hello and not sent again. INVARIANT: the operator may
 * rely on every announced shard until the next policy is in use, so those are kept while others of a refused policy go.
 */
export class ShardReceiver {
  readonly #limits: ReceiveLimits;
  readonly #shards = new Map<string, { readonly bytes: Uint8Array; announced: boolean }>();
  #partial: UnfinishedShard | undefined;
  #bytes = 0;

  constructor(limits: ReceiveLimits) {
    this.#limits = limits;
  }

  /** Bytes of whole shards that are held. */
  get bytes(): number {
    return this.#bytes;
  }

  /**
   * Takes a chunk. Throws SG2005 over a limit, SG2006 out of order, SG2002 where a shard does not have its hash; the shard
   * at hand is then dropped.
   */
  take(chunk: ShardChunk): void {
    const partial = this.#begin(chunk);
    // Only a chunk that passes all tests puts this back.
    this.#partial = undefined;
    const { data } = chunk;
    if (data.length > this.#limits.chunkBytes) throw tooLarge(`a chunk has ${data.length} bytes`);
    if (data.length === 0 && !chunk.last) throw outOfOrder("a chunk is empty");
    partial.bytes += data.length;
    if (partial.bytes > this.#limits.shardBytes) throw tooLarge(`shard ${partial.hash}`);
    if (partial.bytes + this.#bytes > this.#limits.policyBytes) throw tooLarge("the shards of a policy");
    // Chunk by chunk, so that no large shard holds up decisions.
    partial.digest.update(data);
    partial.parts.push(data);
    if (!chunk.last) this.#partial = partial;
    else this.#finish(partial);
  }

  /** A verified shard. */
  get(hash: string): Uint8Array | undefined {
    return this.#shards.get(hash)?.bytes;
  }

  /** The hashes of all verified shards, for a Hello. */
  announce(): string[] {
    for (const shard of this.#shards.values()) shard.announced = true;
    return [...this.#shards.keys()];
  }

  /** A stream ended: an unfinished shard is lost. */
  interrupt(): void {
    this.#partial = undefined;
  }

  /** A policy was refused: drops what came for it. */
  dropUnannounced(): void {
    this.#partial = undefined;
    for (const [hash, shard] of this.#shards) if (!shard.announced) this.#drop(hash, shard.bytes);
  }

  /** A policy is in use: nothing needs to be held any more. */
  clear(): void {
    this.#partial = undefined;
    this.#shards.clear();
    this.#bytes = 0;
  }

  #begin(chunk: ShardChunk): UnfinishedShard {
    if (chunk.hash.length !== DIGEST_BYTES) throw outOfOrder(`a hash has ${chunk.hash.length} bytes`);
    const hash = formatDigest(chunk.hash);
    if (this.#partial === undefined) return { hash, parts: [], digest: createHash("sha256"), bytes: 0 };
    if (this.#partial.hash === hash) return this.#partial;
    const unfinished = this.#partial.hash;
    this.#partial = undefined;
    throw outOfOrder(`shard ${hash} began before ${unfinished} ended`);
  }

  #finish(partial: UnfinishedShard): void {
    const { hash, parts } = partial;
    const actual = partial.digest.digest("hex");
    if (actual !== hash) {
      throw new SidegateError("SG2002", `a shard announced as ${hash} has the hash ${actual}`);
    }
    if (this.#shards.has(hash)) return;
    if (this.#shards.size >= this.#limits.shards) throw tooLarge(`more than ${this.#limits.shards} shards`);
    this.#shards.set(hash, {
      bytes: parts.length === 1 ? (parts[0] as Uint8Array) : Buffer.concat(parts),
      announced: false,
    });
    this.#bytes += partial.bytes;
  }

  #drop(hash: string, bytes: Uint8Array): void {
    this.#shards.delete(hash);
    this.#bytes -= bytes.length;
  }
}

function tooLarge(what: string): SidegateError {
  return new SidegateError("SG2005", `${what} goes over a limit`);
}

function outOfOrder(problem: string): SidegateError {
  return new SidegateError("SG2006", problem);
}
