import type { KubeObject } from "./kube-object.ts";
import { VersionTable } from "./version-table.ts";

/** A write, as watches see it. */
export interface Change {
  readonly revision: number;
  readonly storage: string;
  readonly key: string;
  /** The new state; for a deletion the last one, with the revision of the deletion. */
  readonly object: KubeObject;
  readonly previous: KubeObject | undefined;
  readonly deleted: boolean;
}

/** Thrown for reads from before the last compaction. */
export class CompactedError extends Error {
  readonly oldest: number;
  constructor(oldest: number) {
    super(`compacted at ${oldest}`);
    this.name = "CompactedError";
    this.oldest = oldest;
  }
}

/**
 * A store with versions, like etcd: one revision counter over all kinds, reads at any revision since the last
 * compaction, and a log of changes.
 *
 * INVARIANT: an object in the store is never changed; each write brings a new one.
 */
export class Store {
  #revision: number;
  #compacted: number;
  #log: Change[] = [];
  readonly #tables = new Map<string, VersionTable>();
  readonly #listeners = new Set<(change: Change) => void>();
  readonly #historyLimit: number;

  /**
   * @param firstRevision where the counter starts
   * @param historyLimit changes that are kept; older ones are compacted
   */
  constructor(firstRevision: number, historyLimit: number) {
    this.#revision = firstRevision;
    this.#compacted = firstRevision;
    this.#historyLimit = historyLimit;
  }

  get revision(): number {
    return this.#revision;
  }

  /** The oldest revision that can still be read and watched from. */
  get compacted(): number {
    return this.#compacted;
  }

  get(storage: string, key: string): KubeObject | undefined {
    return this.#table(storage).at(key, this.#revision);
  }

  /** Stores the object under the next revision and returns it as stored. */
  put(storage: string, key: string, object: KubeObject): KubeObject {
    return this.#write(storage, key, object, false);
  }

  /** Deletes and returns the last state, which carries the revision of the deletion. */
  delete(storage: string, key: string, last: KubeObject): KubeObject {
    return this.#write(storage, key, last, true);
  }

  /** The live objects at a revision in the order of their keys, from the first key that is not below `start`. */
  *scan(storage: string, revision: number, start: string): Generator<[key: string, object: KubeObject]> {
    if (revision < this.#compacted) throw new CompactedError(this.#compacted);
    yield* this.#table(storage).scan(revision, start);
  }

  /** The changes after a revision. Throws CompactedError when some of them are gone. */
  since(revision: number): readonly Change[] {
    if (revision < this.#compacted) throw new CompactedError(this.#compacted);
    // Each change has a revision of its own, without gaps, so that the place in the log follows from it.
    return this.#log.slice(Math.max(0, this.#log.length - (this.#revision - revision)));
  }

  subscribe(listener: (change: Change) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Forgets what was before a revision, by default all but the present state. */
  compact(revision: number = this.#revision): void {
    if (revision <= this.#compacted || revision > this.#revision) return;
    this.#log = this.#log.slice(this.#log.length - (this.#revision - revision));
    this.#compacted = revision;
    for (const table of this.#tables.values()) table.compact(revision);
  }

  #table(storage: string): VersionTable {
    let table = this.#tables.get(storage);
    if (table === undefined) {
      table = new VersionTable();
      this.#tables.set(storage, table);
    }
    return table;
  }

  #write(storage: string, key: string, object: KubeObject, deleted: boolean): KubeObject {
    const table = this.#table(storage);
    const previous = table.at(key, this.#revision);
    this.#revision++;
    const stored: KubeObject = {
      ...object,
      metadata: { ...object.metadata, resourceVersion: String(this.#revision) },
    };
    table.write(key, this.#revision, deleted ? undefined : stored);
    const change = { revision: this.#revision, storage, key, object: stored, previous, deleted };
    this.#log.push(change);
    // Compacting in steps keeps a write cheap.
    if (this.#log.length > 2 * this.#historyLimit) this.compact(this.#revision - this.#historyLimit);
    for (const listener of [...this.#listeners]) listener(change);
    return stored;
  }
}
