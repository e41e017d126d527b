/** What is to be stopped when something that consists of parts ends, the last that was started first. */
export class Stops {
  readonly #stops: ((graceMs?: number) => Promise<void>)[] = [];
  #isRunning = false;

  /** Whether they are being stopped, or were. */
  get isRunning(): boolean {
    return this.#isRunning;
  }

  add(stop: (graceMs?: number) => Promise<void>): void {
    this.#stops.unshift(stop);
  }

  /** @param graceMs for those that hand something over */
  async run(graceMs?: number): Promise<void> {
    this.#isRunning = true;
    for (const stop of this.#stops.splice(0)) await stop(graceMs);
  }
}
