/**
 * Asks an operator for shards of a domain. Resolves with those that it has, verified; rejects where none answers.
 *
 * @param hashes hexadecimal
 */
export type FetchShards = (
  domain: string,
  hashes: readonly string[],
) => Promise<ReadonlyMap<string, Uint8Array>>;
/**
 * Asks an operator for shards, many at a time: what is wanted while calls are under way goes out together with the next.
 *
 * A shard is wanted (until a call takes it up), asked for (by one call), or neither. Whoever wants it meanwhile shares it.
 */

/** Calls at a time. The operator takes eight streams on a connection, of which one is the delivery itself. */
const CALLS = 4;
/** Shards of one call, so that what comes in has a bound. */
const SHARDS = 64;

interface Wanted {
  readonly domain: string;
  readonly hash: string;
  readonly bytes: Promise<Uint8Array | undefined>;
  readonly resolve: (bytes: Uint8Array | undefined) => void;
  readonly reject: (reason: unknown) => void;
}

export class BatchedFetch {
  readonly #fetch: FetchShards;
  /** By "<domain>/<hash>": wanted or asked for. */
  readonly #known = new Map<string, Wanted>();
  #wanted: Wanted[] = [];
  #calls = 0;

  constructor(fetch: FetchShards) {
    this.#fetch = fetch;
  }

  /** Resolves with the bytes of a shard, verified, or undefined where the operator does not have it. Rejects as it does. */
  get(domain: string, hash: string): Promise<Uint8Array | undefined> {
    const key = `${domain}/${hash}`;
    const known = this.#known.get(key);
    if (known !== undefined) return known.bytes;
    const { promise, resolve, reject } = Promise.withResolvers<Uint8Array | undefined>();
    const wanted = { domain, hash, bytes: promise, resolve, reject };
    this.#known.set(key, wanted);
    this.#wanted.push(wanted);
    this.#callNext();
    return promise;
  }

  #callNext(): void {
    const [first] = this.#wanted;
    if (first === undefined || this.#calls >= CALLS) return;
    const { domain } = first;
    const batch = this.#wanted.filter((wanted) => wanted.domain === domain).slice(0, SHARDS);
    const taken = new Set(batch);
    this.#wanted = this.#wanted.filter((wanted) => !taken.has(wanted));
    this.#calls++;
    void this.#call(domain, batch).finally(() => {
      this.#calls--;
      this.#callNext();
    });
  }

  async #call(domain: string, batch: readonly Wanted[]): Promise<void> {
    try {
      const found = await this.#fetch(
        domain,
        batch.map(({ hash }) => hash),
      );
      for (const wanted of this.#settle(batch)) wanted.resolve(found.get(wanted.hash));
    } catch (error) {
      for (const wanted of this.#settle(batch)) wanted.reject(error);
    }
  }

  #settle(batch: readonly Wanted[]): readonly Wanted[] {
    for (const { domain, hash } of batch) this.#known.delete(`${domain}/${hash}`);
    return batch;
  }
}
