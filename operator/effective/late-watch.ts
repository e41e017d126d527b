import type { Clock } from "../../host/clock.ts";
import type { WaitingChange } from "./domain-changes.ts";

const LATE_MS = 30_000;

export interface LateWatchOptions {
  /** The changes that wait now, the oldest first. */
  readonly waiting: () => readonly WaitingChange[];
  readonly clock: Clock;
  /** Told of changes that are not effective after 30 s, of each once. */
  readonly onLate: (late: readonly WaitingChange[]) => void;
}

/** Finds the changes of a domain that take long. */
export class LateWatch {
  readonly #options: LateWatchOptions;
  /** Of the waiting, those up to this time were told to be late. */
  #toldUntil = Number.NEGATIVE_INFINITY;
  #cancel: () => void = () => {};

  constructor(options: LateWatchOptions) {
    this.#options = options;
  }

  /** To be called after other changes came to wait, or wait no more. */
  look(): void {
    this.#cancel();
    const { waiting, clock, onLate } = this.#options;
    const oldest = waiting().find(({ since }) => since > this.#toldUntil);
    if (oldest === undefined) return;
    this.#cancel = clock.after(oldest.since + LATE_MS - clock.now(), () => {
      const until = clock.now() - LATE_MS;
      const late = waiting().filter(({ since }) => since > this.#toldUntil && since <= until);
      this.#toldUntil = until;
      onLate(late);
      this.look();
    });
  }

  stop(): void {
    this.#cancel();
  }
}
