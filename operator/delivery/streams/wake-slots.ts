import type { Clock } from "../../../host/clock.ts";

/** Those whose times are within so many milliseconds are woken together. */
export const SLOT_MS = 20;

/** Somebody who is to be woken. */
export interface Sleeper {
  wake(): void;
}

interface Slot {
  readonly sleepers: Set<Sleeper>;
  readonly cancel: () => void;
}

/** One timer for all who are to be woken at about the same time, so that a thousand streams do not have one each. */
export class WakeSlots {
  readonly #clock: Clock;
  readonly #slots = new Map<number, Slot>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Wakes somebody at a time on the monotonic clock, or up to SLOT_MS later. @returns his slot, by which to remove him */
  add(sleeper: Sleeper, at: number): number {
    const number = Math.ceil(at / SLOT_MS);
    let slot = this.#slots.get(number);
    if (slot === undefined) {
      const cancel = this.#clock.after(number * SLOT_MS - this.#clock.now(), () => this.#wake(number));
      this.#slots.set(number, (slot = { sleepers: new Set(), cancel }));
    }
    slot.sleepers.add(sleeper);
    return number;
  }

  /** Wakes him not, if he was not woken yet. */
  remove(sleeper: Sleeper, number: number): void {
    const slot = this.#slots.get(number);
    if (!slot?.sleepers.delete(sleeper) || slot.sleepers.size > 0) return;
    slot.cancel();
    this.#slots.delete(number);
  }

  #wake(number: number): void {
    const slot = this.#slots.get(number);
    this.#slots.delete(number);
    for (const sleeper of slot?.sleepers ?? []) sleeper.wake();
  }
}
