import { BUCKETS, bucketOfKey } from "../model/hash.ts";

/** A map by key that is split into buckets, each a shard of its own, and knows which of them changed. */
export class BucketedIndex<V> {
  readonly #buckets: readonly Map<string, V>[] = Array.from({ length: BUCKETS }, () => new Map());
  readonly #changed = new Set<number>();

  get(key: string): V | undefined {
    return this.#buckets[bucketOfKey(key)]?.get(key);
  }

  /** Sets the value of a key, or takes the key out if it is undefined. */
  set(key: string, value: V | undefined): void {
    const bucket = bucketOfKey(key);
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
