/**
 * One domain of a sidecar, as it follows the operator. It outlives streams.
 *
 * States:
 *   quiet      nothing under way
 *   receiving  chunks of the next policy come in
 *   spoiled    a chunk was refused: what follows is dropped, and the Commit will be answered with Nack
 * Transitions: chunk: quiet -> receiving | spoiled; Commit: any -> quiet, with an Ack once the policy is swapped in and on
 * disk, or with a Nack; the stream ends: any -> quiet.
 *
 * INVARIANT: Ack is sent after the swap, so that "acknowledged" means "decided by".
 */
import type { Logger } from "pino";
import { messageOf } from "../../engine/errors/message-of.ts";
import { SidegateError } from "../../engine/errors/sidegate-error.ts";
import { deliveryLimits } from "../../engine/model/delivery-limits.ts";
import type { Policy, PolicyManifest } from "../../engine/policy/policy.ts";
import type { Ack, Commit, Nack, Progress, ShardChunk } from "../../proto/generated/delivery.js";
import type { Snapshots } from "../snapshot/snapshots.ts";
import type { LastKnownGood } from "./last-known-good.ts";
import { broken, readManifest, readProgress } from "./read-manifest.ts";
import type { LoadPolicy } from "./restore-policy.ts";
import { type ReceiveLimits, ShardReceiver } from "./shard-receiver.ts";
import type { StoredContact } from "./stored-policy.ts";

export interface DomainSyncOptions {
  readonly domain: string;
  readonly snapshots: Snapshots;
  /** Undefined: nothing is kept on disk. */
  readonly store: LastKnownGood | undefined;
  readonly load: LoadPolicy;
  readonly limits: ReceiveLimits;
  readonly logger: Logger;
}

/** What a Commit is answered with. */
export type Reply = { readonly ack: Ack } | { readonly nack: Nack };

export class DomainSync {
  readonly domain: string;
  readonly #options: DomainSyncOptions;
  readonly #receiver: ShardReceiver;
  readonly #logger: Logger;
  #spoiled: SidegateError | undefined;
  #refused = 0;

  constructor(options: DomainSyncOptions) {
    this.domain = options.domain;
    this.#options = options;
    this.#receiver = new ShardReceiver(options.limits);
    this.#logger = options.logger.child({ domain: options.domain });
  }

  /** How many policies were refused since the start. */
  get refused(): number {
    return this.#refused;
  }

  /** What to say of this domain in a Hello. */
  state(): {
    domain: string;
    revision: string;
    epoch: number;
    position: Record<string, string>;
    shards: Buffer[];
  } {
    const policy = this.#options.snapshots.get(this.domain);
    const hashes = new Set(this.#receiver.announce());
    for (const { hash } of policy?.manifest.shards ?? []) hashes.add(hash);
    return {
      domain: this.domain,
      revision: policy?.revision ?? "",
      epoch: policy?.epoch ?? 0,
      position: { ...policy?.position },
      shards: [...hashes].map((hash) => Buffer.from(hash, "hex")),
    };
  }

  /** Takes a chunk of the next policy. What is wrong with it is said in the answer to the Commit. */
  chunk(chunk: ShardChunk): void {
    if (this.#spoiled) return;
    try {
      this.#receiver.take(chunk);
    } catch (error) {
      this.#spoiled = asSidegateError(error);
    }
  }

  /**
   * Swaps a policy in, in the same turn, and keeps it; or refuses it. Never rejects. A policy that could not be kept on
   * disk is acknowledged all the same, since it is what decisions are made by.
   */
  async commit(commit: Commit): Promise<Reply> {
    const revision = commit.policy?.revision ?? "";
    let policy: Policy;
    try {
      policy = this.#swap(commit);
    } catch (error) {
      return { nack: this.#refuse(revision, asSidegateError(error)) };
    }
    await this.#keep(commit, policy);
    return { ack: { domain: this.domain, revision } };
  }

  /** Renews the age of the policy in use. Answers false when the message is about another revision or lies behind. */
  progress(message: Progress): boolean {
    const { revision, issuedAt } = message;
    const { epoch, position } = readProgress(message.epoch, message.position, issuedAt);
    const { snapshots, store } = this.#options;
    if (!snapshots.renew(this.domain, revision, epoch, position, issuedAt)) return false;
    store?.touch(this.#contact(message));
    return true;
  }

  /** The stream ended. */
  interrupt(): void {
    this.#spoiled = undefined;
    this.#receiver.interrupt();
  }

  #swap(commit: Commit): Policy {
    if (this.#spoiled) throw this.#spoiled;
    if (commit.policy === null) throw broken("a Commit names no policy");
    const { snapshots, load } = this.#options;
    const manifest = readManifest(commit.policy);
    const previous = snapshots.get(this.domain);
    const policy = load(manifest, (hash) => this.#bytesOf(manifest, hash), previous);
    snapshots.swap(policy, commit.policy.issuedAt);
    this.#logger.info({ revision: policy.revision }, "Swapped a policy in");
    return policy;
  }

  async #keep(commit: Commit, policy: Policy): Promise<void> {
    const received = new Map(
      policy.manifest.shards.flatMap(({ hash }) => {
        const bytes = this.#receiver.get(hash);
        return bytes === undefined ? [] : [[hash, bytes]];
      }),
    );
    this.#receiver.clear();
    const { store } = this.#options;
    if (store === undefined) return;
    const { signature, keyId } = commit;
    const contact = this.#contact({ issuedAt: commit.policy?.issuedAt ?? 0, signature, keyId });
    const { domain, shards } = policy.manifest;
    try {
      await store.save({ ...contact, domain, shards }, (hash) => received.get(hash));
    } catch (error) {
      this.#logger.warn({ revision: policy.revision, err: error }, "Could not keep the policy on disk");
    }
  }

  #refuse(revision: string, error: SidegateError): Nack {
    this.#spoiled = undefined;
    this.#refused++;
    this.#receiver.dropUnannounced();
    this.#logger.error(
      { revision, code: error.code, err: error },
      "Refused a policy; the last one stays in use",
    );
    return {
      domain: this.domain,
      revision,
      code: error.code,
      message: error.message.slice(0, deliveryLimits.nackMessage),
    };
  }

  #bytesOf(manifest: PolicyManifest, hash: string): Uint8Array {
    const bytes = this.#receiver.get(hash);
    if (bytes !== undefined) return bytes;
    const id = manifest.shards.find((shard) => shard.hash === hash)?.id;
    throw new SidegateError("SG2003", `shard ${id} with the hash ${hash} was not sent`);
  }

  #contact({
    issuedAt,
    signature,
    keyId,
  }: Pick<Progress, "issuedAt" | "signature" | "keyId">): StoredContact {
    const { snapshots } = this.#options;
    const policy = snapshots.get(this.domain);
    return {
      revision: policy?.revision ?? "",
      epoch: policy?.epoch ?? 0,
      position: policy?.position ?? {},
      issuedAt,
      contactAt: snapshots.contact(this.domain) ?? 0,
      signature: Buffer.from(signature).toString("base64"),
      keyId,
    };
  }
}

function asSidegateError(error: unknown): SidegateError {
  if (error instanceof SidegateError) return error;
  return new SidegateError("SG2007", messageOf(error), {
    cause: error,
  });
}
