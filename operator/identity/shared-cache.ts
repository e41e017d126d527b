import { LRUCache } from "lru-cache";
import type { Clock } from "../../host/clock.ts";

/** A value and for how long it may be used, in milliseconds. */
export interface Fresh<T> {
  readonly value: T;
  readonly ttlMs: number;
}

/**
 * Answers that are expensive to get. Equal questions at the same time are asked once; what was rejected is not kept.
 *
 * States of a key: absent, asked (a promise), kept until its time is up. An entry that is pushed out is only asked again.
 */
export class SharedCache<T extends {}> {
  readonly #clock: Clock;
  readonly #kept: LRUCache<string, { readonly value: T; readonly until: number }>;
  readonly #asked = new Map<string, Promise<T>>();

  /** @param most how many are kept */
  constructor(clock: Clock, most: number) {
    this.#clock = clock;
    this.#kept = new LRUCache({ max: most });
  }

  /** The value of a key, which `ask` gets where none is kept. */
  get(key: string, ask: () => Promise<Fresh<T>>): Promise<T> {
    const kept = this.#kept.get(key);
    if (kept !== undefined && this.#clock.now() < kept.until) return Promise.resolve(kept.value);
    let asked = this.#asked.get(key);
    if (asked === undefined) {
      asked = this.#ask(key, ask).finally(() => this.#asked.delete(key));
      this.#asked.set(key, asked);
    }
    return asked;
  }

  async #ask(key: string, ask: () => Promise<Fresh<T>>): Promise<T> {
    const { value, ttlMs } = await ask();
    this.#kept.set(key, { value, until: this.#clock.now() + ttlMs });
    return value;
  }
}
