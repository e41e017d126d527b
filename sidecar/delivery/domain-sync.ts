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
 * With a verifier, nothing is taken that a trusted key has not signed: neither a policy nor the word that it is current.
 *
 * INVARIANT: Ack is sent after the swap, so that "acknowledged" means "decided by".
 */
import type { Logger } from "pino";
import { messageOf } from "../../engine/errors/message-of.ts";
import { SidegateError } from "../../engine/errors/sidegate-error.ts";
import { deliveryLimits } from "../../engine/model/delivery-limits.ts";
import { ORGANIZATION_SHARD } from "../../engine/model/shard-id.ts";
import type { Policy, PolicyManifest } from "../../engine/policy/policy.ts";
import type { Statement } from "../../engine/policy/statement.ts";
import type { Ack, Commit, Nack, Progress, ShardChunk } from "../../proto/generated/delivery.js";
import type { LastKnownGood } from "../last-known-good/last-known-good.ts";
import type { LoadPolicy } from "../last-known-good/restore-policy.ts";
import type { StoredContact } from "../last-known-good/stored-policy.ts";
import type { Snapshots } from "../snapshot/snapshots.ts";
import type { Verifier } from "../trust/verifier.ts";
import { broken, readManifest, readProgress } from "./read-manifest.ts";
import { type ReceiveLimits, ShardReceiver } from "./shard-receiver.ts";

export interface DomainSyncOptions {
  readonly domain: string;
  readonly snapshots: Snapshots;
  /** Undefined: nothing is kept on disk. */
  readonly store: LastKnownGood | undefined;
  readonly load: LoadPolicy;
  /** Undefined: whoever sends a policy is believed. */
  readonly verifier?: Verifier | undefined;
  readonly limits: ReceiveLimits;
  readonly logger: Logger;
  /** Absent: all shards are pushed, and loaded before a swap. */
  readonly onDemand?: OnDemand | undefined;
}

/** What is done about shards of organizations that are loaded on demand. */
export interface OnDemand {
  /** Loads what is in use and changes with a policy, before it is swapped in. Never rejects. */
  prepare(manifest: PolicyManifest): Promise<void>;
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
  /** The last revision that was refused or not believed, and why; so that it is logged once. */
  #complaint = "";

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

  /** How old the policy in use may become, in milliseconds; undefined: there is none. */
  get boundMs(): number | undefined {
    const policy = this.#options.snapshots.get(this.domain);
    return policy && policy.staleness.maxSeconds * 1_000;
  }

  /** What to say of this domain in a Hello. */
  state(): {
    domain: string;
    revision: string;
    epoch: number;
    position: Record<string, string>;
    shards: Buffer[];
    onDemand: boolean;
  } {
    const policy = this.#options.snapshots.get(this.domain);
    const onDemand = this.#options.onDemand !== undefined;
    const hashes = new Set(this.#receiver.announce());
    for (const { id, hash } of policy?.manifest.shards ?? [])
      if (!onDemand || !id.startsWith(ORGANIZATION_SHARD)) hashes.add(hash);
    return {
      domain: this.domain,
      revision: policy?.revision ?? "",
      epoch: policy?.epoch ?? 0,
      position: { ...policy?.position },
      shards: [...hashes].map((hash) => Buffer.from(hash, "hex")),
      onDemand,
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
   * Swaps a policy in, in the same turn unless shards are loaded on demand, and keeps it; or refuses it. Never rejects. A
   * policy that could not be kept on disk is acknowledged all the same, since it is what decisions are made by.
   */
  async commit(commit: Commit): Promise<Reply> {
    const revision = commit.policy?.revision ?? "";
    let policy: Policy;
    try {
      const manifest = this.#readManifest(commit);
      const { onDemand } = this.#options;
      if (onDemand !== undefined) await onDemand.prepare(manifest);
      policy = this.#swap(manifest, commit.policy?.issuedAt ?? 0);
    } catch (error) {
      return { nack: this.#refuse(revision, asSidegateError(error)) };
    }
    await this.#keep(commit, policy);
    return { ack: { domain: this.domain, revision } };
  }

  /**
   * Renews the age of the policy in use. Answers false when the message is about another revision, lies behind, or can not
   * be believed.
   */
  progress(message: Progress): boolean {
    const { domain } = this;
    const { revision, issuedAt, signature, keyId } = message;
    const { epoch, position } = readProgress(message.epoch, message.position, issuedAt);
    const statement = { domain, revision, epoch, position, issuedAt };
    const { snapshots, store } = this.#options;
    if (snapshots.get(domain)?.revision !== revision || !this.#believes(statement, message)) return false;
    if (!snapshots.renew(domain, revision, epoch, position, issuedAt)) return false;
    store?.touch(this.#contact({ ...statement, signature, keyId }));
    return true;
  }

  /** The stream ended. */
  interrupt(): void {
    this.#spoiled = undefined;
    this.#receiver.interrupt();
  }

  #readManifest(commit: Commit): PolicyManifest {
    if (this.#spoiled) throw this.#spoiled;
    if (commit.policy === null) throw broken("a Commit names no policy");
    const manifest = readManifest(commit.policy);
    this.#verify({ ...manifest, issuedAt: commit.policy.issuedAt }, commit);
    return manifest;
  }

  #swap(manifest: PolicyManifest, issuedAt: number): Policy {
    const { snapshots, load } = this.#options;
    const previous = snapshots.get(this.domain);
    const policy = load(manifest, (hash) => this.#bytesOf(manifest, hash), previous);
    snapshots.swap(policy, issuedAt);
    this.#complaint = "";
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
    const { domain, shards } = policy.manifest;
    const { signature, keyId } = commit;
    const issuedAt = commit.policy?.issuedAt ?? 0;
    const contact = this.#contact({ ...policy.manifest, issuedAt, signature, keyId });
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
    this.#complain(revision, error, "Refused a policy; the last one stays in use");
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

  #believes(statement: Statement, progress: Progress): boolean {
    try {
      this.#verify(statement, progress);
      return true;
    } catch (error) {
      this.#complain(statement.revision, asSidegateError(error), "Does not believe that a policy is current");
      return false;
    }
  }

  #verify(statement: Statement, { signature, keyId }: Pick<Commit, "signature" | "keyId">): void {
    this.#options.verifier?.verify(statement, signature, keyId);
  }

  /** The operator repeats what was refused; a log need not. */
  #complain(revision: string, error: SidegateError, message: string): void {
    const complaint = `${revision} ${error.code}`;
    const level = complaint === this.#complaint ? "debug" : "error";
    this.#complaint = complaint;
    this.#logger[level]({ revision, code: error.code, err: error }, message);
  }

  /** What is kept of a message: its own words, so that its signature can be verified again. */
  #contact(words: Statement & Pick<Commit, "signature" | "keyId">): StoredContact {
    const { revision, epoch, position, issuedAt, signature, keyId } = words;
    return {
      ...{ revision, epoch, position, issuedAt, keyId },
      contactAt: this.#options.snapshots.contact(this.domain) ?? 0,
      signature: Buffer.from(signature).toString("base64"),
    };
  }
}

function asSidegateError(error: unknown): SidegateError {
  if (error instanceof SidegateError) return error;
  return new SidegateError("SG2007", messageOf(error), {
    cause: error,
  });
}
