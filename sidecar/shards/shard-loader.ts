/**
 * Loads the shards of organizations when they are asked about, and keeps those used last.
 *
 * A shard is resident (in memory, within the bound), loading (asked for once, whoever waits) or away. Loading makes it
 * resident if it is to stay; of a walk over all organizations nothing stays, or it would push out what is in use.
 */
import { LRUCache } from "lru-cache";
import type { Logger } from "pino";
import { SidegateError } from "../../engine/errors/sidegate-error.ts";
import { serverLimits } from "../../engine/model/server-limits.ts";
import type { LoadedGrants } from "../../engine/policy/loaded-grants.ts";
import { type LoadOnDemand, loadOrganization } from "../../engine/policy/policy.ts";
import type { Clock } from "../../host/clock.ts";
import type { Loader, Patience, WantedShard } from "./loader.ts";
import { OrganizationsOnDemand } from "./organizations-on-demand.ts";
import type { ShardSource } from "./shard-source.ts";

export interface ShardLoaderOptions {
  /** How many bytes of shards may be resident. What questions at work hold comes on top. */
  readonly maxBytes: number;
  readonly source: ShardSource;
  readonly clock: Clock;
  readonly logger: Logger;
  /** Questions that may wait for shards at once. Default: 1024. */
  readonly maxWaiting?: number;
}

export class ShardLoader implements Loader {
  readonly #options: ShardLoaderOptions;
  readonly #resident: LRUCache<string, LoadedGrants>;
  readonly #loading = new Map<string, Promise<LoadedGrants>>();
  #waiting = 0;
  #loaded = 0;

  constructor(options: ShardLoaderOptions) {
    this.#options = options;
    this.#resident = new LRUCache({
      maxSize: options.maxBytes,
      sizeCalculation: (grants) => grants.bytes,
    });
  }

  /** How a policy of a domain gets at its organizations. */
  organizations(domain: string): LoadOnDemand {
    return (hashes) => new OrganizationsOnDemand(this, domain, hashes);
  }

  resident(hash: string): LoadedGrants | undefined {
    return this.#resident.get(hash);
  }

  /** Whether a shard is resident. */
  has(hash: string): boolean {
    return this.#resident.has(hash);
  }

  /** How many shards are resident, and about how many bytes they take. */
  get held(): { readonly shards: number; readonly bytes: number } {
    return { shards: this.#resident.size, bytes: this.#resident.calculatedSize };
  }

  /** How many shards have been loaded since the start. */
  get loaded(): number {
    return this.#loaded;
  }

  /** How many questions wait for shards. */
  get waiting(): number {
    return this.#waiting;
  }

  async load(wanted: WantedShard, { deadline, signal }: Patience): Promise<LoadedGrants> {
    const { clock, maxWaiting = serverLimits.waiters } = this.#options;
    if (this.#waiting >= maxWaiting) throw notLoaded(`${this.#waiting} questions wait for shards already`);
    const longest = deadline === Infinity ? serverLimits.patienceMs : serverLimits.longestWaitMs;
    const ms = Math.min(longest, deadline - clock.wallTime());
    if (ms <= 0) throw notLoaded("there is no time left");
    signal.throwIfAborted();
    this.#waiting++;
    let stop = () => {};
    const givenUp = new Promise<never>((_, reject) => {
      const cancel = clock.after(ms, () => reject(notLoaded(`it did not come in ${Math.round(ms)} ms`)));
      const abort = () => reject(signal.reason);
      signal.addEventListener("abort", abort);
      stop = () => {
        cancel();
        signal.removeEventListener("abort", abort);
      };
    });
    try {
      return await Promise.race([this.fetch(wanted), givenUp]);
    } finally {
      stop();
      this.#waiting--;
    }
  }

  async fetch(wanted: WantedShard): Promise<LoadedGrants> {
    const { hash, stays } = wanted;
    const grants = this.#resident.get(hash) ?? (await this.#share(wanted));
    if (stays) this.#resident.set(hash, grants);
    return grants;
  }

  /** One loading serves all who ask meanwhile. */
  #share(wanted: WantedShard): Promise<LoadedGrants> {
    const { hash } = wanted;
    let loading = this.#loading.get(hash);
    if (loading === undefined) {
      loading = this.#load(wanted).finally(() => this.#loading.delete(hash));
      this.#loading.set(hash, loading);
    }
    return loading;
  }

  async #load(wanted: WantedShard): Promise<LoadedGrants> {
    const { domain, name, hash } = wanted;
    const { source, logger } = this.#options;
    try {
      const grants = loadOrganization(name, await source.read(domain, hash));
      this.#loaded++;
      return grants;
    } catch (error) {
      if (error instanceof SidegateError && error.code === "SG3004") throw error;
      logger.error({ domain, organization: name, hash, err: error }, "Could not load a shard");
      throw notLoaded("a shard can not be read; the log of the sidecar says why", error);
    }
  }
}

/** It names no organization: whoever asks may not know that there is one. */
function notLoaded(why: string, cause?: unknown): SidegateError {
  return new SidegateError("SG3004", why, { cause });
}
