import type { Clock } from "../../../host/clock.ts";

/**
 * Wakes somebody at a time that is moved again and again, nearly always to later. It stays as it is then: a timer for each
 * message would live long enough to be collected at the greatest cost. So it may wake too early, and whoever it wakes says
 * again when it is needed.
 */
export class WakeTimer {
  readonly #clock: Clock;
  readonly #wake: () => void;
  /** When it wakes, on the monotonic clock; Infinity: it is not set. */
  #at = Number.POSITIVE_INFINITY;
  #cancel: () => void = () => {};

  constructor(clock: Clock, wake: () => void) {
    this.#clock = clock;
    this.#wake = wake;
  }

  /** Wakes once, at this time on the monotonic clock or before. */
  setAt(at: number): void {
    if (at >= this.#at) return;
    this.#cancel();
    this.#at = at;
    this.#cancel = this.#clock.after(at - this.#clock.now(), () => {
      this.#at = Number.POSITIVE_INFINITY;
      this.#wake();
    });
  }

  /** Does not wake any more, unless it is set again. */
  stop(): void {
    this.#cancel();
    this.#at = Number.POSITIVE_INFINITY;
  }
}
