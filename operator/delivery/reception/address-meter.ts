import { LRUCache } from "lru-cache";
import type { Clock } from "../../../host/clock.ts";

/** How often something may happen. */
export interface Rate {
  /** So many at once. */
  readonly burst: number;
  readonly perSecond: number;
}

/** Addresses that are kept; who is pushed out begins with a full burst again. */
const ADDRESSES = 4_096;

/** Counts by address what happens too often. Unlike a queue's bucket it runs into no debt: who slows down is let in again. */
export class AddressMeter {
  readonly #clock: Clock;
  readonly #rate: Rate;
  readonly #levels = new LRUCache<string, { left: number; at: number }>({ max: ADDRESSES });

  constructor(clock: Clock, rate: Rate) {
    this.#clock = clock;
    this.#rate = rate;
  }

  /** Whether it may happen now once more from there. */
  take(address: string): boolean {
    const now = this.#clock.now();
    const { burst, perSecond } = this.#rate;
    const level = this.#levels.get(address) ?? { left: burst, at: now };
    level.left = Math.min(burst, level.left + ((now - level.at) / 1_000) * perSecond);
    level.at = now;
    this.#levels.set(address, level);
    if (level.left < 1) return false;
    level.left--;
    return true;
  }
}
