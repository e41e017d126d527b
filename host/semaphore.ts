/** Lets a limited number of tasks run at a time; the others wait, first come, first served. */
export class Semaphore {
  readonly #most: number;
  readonly #waiting: (() => void)[] = [];
  #running = 0;

  /** @param most tasks at a time, at least 1 */
  constructor(most: number) {
    this.#most = most;
  }

  /** Runs a task when its turn comes, and settles as it does. */
  async run<T>(task: () => Promise<T>): Promise<T> {
    if (this.#running === this.#most) await new Promise<void>((resolve) => this.#waiting.push(resolve));
    else this.#running++;
    try {
      return await task();
    } finally {
      // Who waits first takes the place over, so that nobody comes in between.
      const next = this.#waiting.shift();
      if (next === undefined) this.#running--;
      else next();
    }
  }
}
