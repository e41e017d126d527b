import type { Clock } from "./clock.ts";

/** What ends a piece of work: a deadline, until that is lifted, and whoever else may end it. */
export class TimeLimit {
  readonly #abort = new AbortController();
  readonly #others: readonly (AbortSignal | undefined)[];
  readonly #onAbort = () => this.#abort.abort();
  #isOver = false;
  /** Takes the deadline away. */
  readonly lift: () => void;

  /**
   * @param ms if it is not positive, time is over at once
   * @param others each ends the work when it is aborted; undefined ones do nothing
   */
  constructor(clock: Pick<Clock, "after">, ms: number, others: readonly (AbortSignal | undefined)[]) {
    this.#others = others;
    for (const signal of others) {
      signal?.addEventListener("abort", this.#onAbort);
      if (signal?.aborted) this.#abort.abort(signal.reason);
    }
    this.lift = clock.after(ms, () => this.#expire());
    if (ms <= 0) this.#expire();
  }

  /** Aborted when the work is to end. */
  get signal(): AbortSignal {
    return this.#abort.signal;
  }

  /** Whether the deadline was missed. */
  get isOver(): boolean {
    return this.#isOver;
  }

  /** To be called when the work is done. */
  end(): void {
    this.lift();
    for (const signal of this.#others) signal?.removeEventListener("abort", this.#onAbort);
  }

  #expire(): void {
    this.#isOver = true;
    this.#abort.abort();
  }
}
