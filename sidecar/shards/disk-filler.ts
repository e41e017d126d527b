/**
 * Brings the shards of a domain that are not on disk there, so that the operator is not asked for them when they are needed,
 * and a restart without operator has all.
 *
 *   idle      everything that the policy in use lists is on disk, as far as file names tell
 *   filling   shards come, some at a time
 *   resting   something failed: it is tried again in half a minute, and with the next policy
 *   stopped   for good
 */
import type { Logger } from "pino";
import { messageOf } from "../../engine/errors/message-of.ts";
import type { Clock } from "../../host/clock.ts";
import type { BatchedFetch } from "./batched-fetch.ts";
import type { ShardStore } from "./shard-source.ts";

export interface DiskFillerOptions {
  readonly domain: string;
  readonly store: ShardStore;
  readonly fetch: BatchedFetch;
  readonly clock: Clock;
  readonly logger: Logger;
}

/** Shards that are on their way at a time, and in memory for it. */
const BATCH = 32;
const REST_MS = 30_000;

export class DiskFiller {
  readonly #options: DiskFillerOptions;
  readonly #logger: Logger;
  #hashes: ReadonlySet<string> = new Set();
  #isFilling = false;
  #isStopped = false;
  #cancelRest = () => {};

  constructor(options: DiskFillerOptions) {
    this.#options = options;
    this.#logger = options.logger.child({ domain: options.domain });
  }

  /** Says which shards are to be on disk from now on. */
  follow(hashes: Iterable<string>): void {
    this.#hashes = new Set(hashes);
    this.#start();
  }

  stop(): void {
    this.#isStopped = true;
    this.#cancelRest();
  }

  #start(): void {
    this.#cancelRest();
    if (this.#isFilling || this.#isStopped) return;
    this.#isFilling = true;
    this.#fill().then(
      (count) => {
        this.#isFilling = false;
        if (count > 0) this.#logger.info({ shards: count }, "All shards of the policy are on disk");
      },
      (error) => {
        this.#isFilling = false;
        if (this.#isStopped) return;
        this.#logger.warn({ error: messageOf(error) }, "Could not bring all shards to disk");
        this.#cancelRest = this.#options.clock.after(REST_MS, () => this.#start());
      },
    );
  }

  /** @returns how many shards it brought */
  async #fill(): Promise<number> {
    const { domain, store, fetch } = this.#options;
    let count = 0;
    for (;;) {
      const hashes = this.#hashes;
      const kept = await store.keptShards();
      const missing = [...hashes].filter((hash) => !kept.has(hash));
      for (let at = 0; at < missing.length; at += BATCH) {
        if (this.#isStopped) return count;
        // A new policy has other shards; some of these may be gone.
        if (hashes !== this.#hashes) break;
        const batch = missing.slice(at, at + BATCH);
        const found = await Promise.all(
          batch.map(async (hash) => [hash, await fetch.get(domain, hash)] as const),
        );
        const shards = found.filter((shard): shard is [string, Uint8Array] => shard[1] !== undefined);
        await store.keepShards(new Map(shards));
        count += shards.length;
        if (shards.length < batch.length && hashes === this.#hashes)
          throw new Error(`the operator lacks ${batch.length - shards.length} shards`);
      }
      if (hashes === this.#hashes) return count;
    }
  }
}
