import { createHash } from "node:crypto";
import { hashShard, revisionOf } from "../engine/compile/compiled-policy.ts";
import { formatDigest } from "../engine/model/digest.ts";
import { type Commit, SyncResponse } from "../proto/generated/delivery.js";
import { readManifest } from "../sidecar/delivery/read-manifest.ts";
import type { Verifier } from "../sidecar/trust/verifier.ts";

/** A message as all have it who were sent the same bytes. */
export interface SharedMessage {
  readonly response: SyncResponse;
  /** Of a chunk that is a whole shard: its hash, which its bytes have. */
  readonly shard?: string;
  /** Of a Commit: the hashes of its shards, whose revision it names; its signature was verified. */
  readonly shards?: ReadonlySet<string>;
}

/** Messages that are kept. */
const MOST = 2_048;
/** The first bytes of a message name the domain, and the shard or the revision. */
const HEAD = 128;

/**
 * Reads messages of an operator for many sidecars, each once: what equals a message that was read and verified is that
 * message. So a thousand sidecars take little more of a machine than their streams do.
 */
export class SharedMessages {
  readonly #verifier: Verifier;
  readonly #known = new Map<string, { bytes: Buffer; message: SharedMessage }>();
  /** What is missing, by the set that somebody has and the one that is wanted. */
  readonly #missing = new WeakMap<ReadonlySet<string>, WeakMap<ReadonlySet<string>, readonly string[]>>();

  constructor(verifier: Verifier) {
    this.#verifier = verifier;
  }

  /** Throws when a hash, a revision or a signature is wrong. */
  read(bytes: Buffer): SharedMessage {
    const key = `${bytes.length} ${bytes.toString("latin1", 0, HEAD)}`;
    const known = this.#known.get(key);
    if (known?.bytes.equals(bytes)) return known.message;
    const copy = Buffer.from(bytes);
    const message = this.#verify(SyncResponse.decode(copy));
    this.#known.delete(key);
    this.#known.set(key, { bytes: copy, message });
    const [oldest] = this.#known.keys();
    if (this.#known.size > MOST && oldest !== undefined) this.#known.delete(oldest);
    return message;
  }

  /** The shards that whoever has those of one policy lacks of another. */
  missing(held: ReadonlySet<string>, wanted: ReadonlySet<string>): readonly string[] {
    let byWanted = this.#missing.get(held);
    if (byWanted === undefined) this.#missing.set(held, (byWanted = new WeakMap()));
    let missing = byWanted.get(wanted);
    if (missing === undefined)
      byWanted.set(wanted, (missing = [...wanted].filter((hash) => !held.has(hash))));
    return missing;
  }

  #verify(response: SyncResponse): SharedMessage {
    const { chunk, commit } = response;
    if (chunk?.last && hashShard(chunk.data) === formatDigest(chunk.hash))
      return { response, shard: formatDigest(chunk.hash) };
    return commit ? { response, shards: this.#verifyCommit(commit) } : { response };
  }

  #verifyCommit({ policy, signature, keyId }: Commit): ReadonlySet<string> {
    if (policy === null) throw new Error("A Commit has no policy");
    const { domain, revision, epoch, position, shards } = readManifest(policy);
    if (revisionOf(shards) !== revision) throw new Error(`The shards are not those of revision ${revision}`);
    this.#verifier.verify({ domain, revision, epoch, position, issuedAt: policy.issuedAt }, signature, keyId);
    return new Set(shards.map(({ hash }) => hash));
  }
}

/** Puts a shard together that comes in several chunks. */
export class ShardInPieces {
  #hash = createHash("sha256");
  #isOpen = false;

  get isOpen(): boolean {
    return this.#isOpen;
  }

  /** @returns the hash of the shard that this piece is the last one of */
  take(data: Uint8Array, last: boolean): string | undefined {
    this.#hash.update(data);
    this.#isOpen = !last;
    if (!last) return undefined;
    const digest = this.#hash.digest("hex");
    this.#hash = createHash("sha256");
    return digest;
  }
}
