import { setImmediate } from "node:timers/promises";

/**
 * Lets long calls work one slice at a time: between two slices, whoever's they are, the event loop goes round once. So checks
 * wait for one slice at most, however many long calls there are.
 */
export class Turns {
  #last: Promise<void> = Promise.resolve();

  /** Resolves when it is the caller's turn, after all who asked before. */
  next(): Promise<void> {
    this.#last = this.#last.then(() => setImmediate());
    return this.#last;
  }
}
