import { BUCKETS, bucketOfKey } from "../model/hash.ts";

/** A map by key that is split into buckets, each a shard of its own, and knows which of them changed. */
export class BucketedIndex<V> {
  readonly #buckets: Map<string, V>[];
  readonly #changed: Set<number>;
  /** The buckets that are another index' as well, and are copied before they are written to. */
  readonly #shared: Set<number>;

  /** @param origin an index to be like; it must not change while this one is in use */
  constructor(origin?: BucketedIndex<V>) {
    this.#buckets = origin ? [...origin.#buckets] : Array.from({ length: BUCKETS }, () => new Map());
    this.#changed = new Set(origin ? origin.#changed : []);
    this.#shared = new Set(origin && this.#buckets.keys());
  }

  get(key: string): V | undefined {
    return this.#buckets[bucketOfKey(key)]?.get(key);
  }

  /** Sets the value of a key, or takes the key out if it is undefined. */
  set(key: string, value: V | undefined): void {
    const bucket = bucketOfKey(key);
    if (this.#shared.delete(bucket)) this.#buckets[bucket] = new Map(this.#buckets[bucket]);
    if (value === undefined) this.#buckets[bucket]?.delete(key);
    else this.#buckets[bucket]?.set(key, value);
    this.#changed.add(bucket);
  }

  /** The buckets that changed since the last call, with their content. */
  takeChanged(): [bucket: number, content: ReadonlyMap<string, V>][] {
    const changed = [...this.#changed].map(
      (bucket) => [bucket, this.#buckets[bucket]] as [number, Map<string, V>],
    );
    this.#changed.clear();
    return changed;
  }
}
