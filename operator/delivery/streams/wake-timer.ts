import type { Sleeper, WakeSlots } from "./wake-slots.ts";

/**
 * Wakes somebody at a time that is moved again and again, nearly always to later. It stays as it is then: a timer for each
 * message would live long enough to be collected at the greatest cost. So it may wake too early, and whoever it wakes says
 * again when it is needed.
 */
export class WakeTimer implements Sleeper {
  readonly #slots: WakeSlots;
  readonly #wake: () => void;
  /** When it wakes, on the monotonic clock; Infinity: it is not set. */
  #at = Number.POSITIVE_INFINITY;
  #slot = 0;

  constructor(slots: WakeSlots, wake: () => void) {
    this.#slots = slots;
    this.#wake = wake;
  }

  /** Wakes once, at this time on the monotonic clock or before; later by no more than SLOT_MS. */
  setAt(at: number): void {
    if (at >= this.#at) return;
    this.stop();
    this.#at = at;
    this.#slot = this.#slots.add(this, at);
  }

  /** Does not wake any more, unless it is set again. */
  stop(): void {
    if (this.#at !== Number.POSITIVE_INFINITY) this.#slots.remove(this, this.#slot);
    this.#at = Number.POSITIVE_INFINITY;
  }

  /** Its time has come. */
  wake(): void {
    if (this.#at === Number.POSITIVE_INFINITY) return;
    this.#at = Number.POSITIVE_INFINITY;
    this.#wake();
  }
}
