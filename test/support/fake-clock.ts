/** A clock that stands still until a test turns it. Has the shape of the operator's and the sidecar's Clock. */
export class FakeClock {
  #now = 1_000;
  #wall: number;
  #order = 0;
  readonly #timers = new Map<number, { due: number; task: () => void }>();

  /** @param wall milliseconds since 1970 */
  constructor(wall = Date.UTC(2026, 0, 1)) {
    this.#wall = wall;
  }

  now(): number {
    return this.#now;
  }

  wallTime(): number {
    return this.#wall;
  }

  after(ms: number, task: () => void): () => void {
    const id = this.#order++;
    this.#timers.set(id, { due: this.#now + Math.max(0, ms), task });
    return () => void this.#timers.delete(id);
  }

  /** How many timers wait. */
  get timers(): number {
    return this.#timers.size;
  }

  /** Turns both clocks forward and runs what falls due, in order of its time. */
  advance(ms: number): void {
    const end = this.#now + ms;
    for (;;) {
      const next = this.#earliest(end);
      if (next === undefined) break;
      const [id, timer] = next;
      this.#timers.delete(id);
      this.#turn(timer.due);
      timer.task();
    }
    this.#turn(end);
  }

  /** Sets the wall clock alone, as an administrator or NTP does. */
  setWall(time: number): void {
    this.#wall = time;
  }

  #earliest(end: number): [number, { due: number; task: () => void }] | undefined {
    let best: [number, { due: number; task: () => void }] | undefined;
    for (const entry of this.#timers) {
      if (entry[1].due <= end && (best === undefined || entry[1].due < best[1].due)) best = entry;
    }
    return best;
  }

  #turn(to: number): void {
    if (to <= this.#now) return;
    this.#wall += to - this.#now;
    this.#now = to;
  }
}
