/**
 * Runs a step for each key that was added, soon but never at once, as controllers beside the API server do. A key that
 * is added while it waits is run once.
 */
export class WorkLoop {
  readonly #step: (key: string) => void;
  readonly #keys = new Set<string>();
  #scheduled: NodeJS.Immediate | undefined;
  #stopped = false;

  constructor(step: (key: string) => void) {
    this.#step = step;
  }

  add(key: string): void {
    this.#keys.add(key);
    if (this.#stopped) return;
    this.#scheduled ??= setImmediate(() => this.#run());
  }

  stop(): void {
    this.#stopped = true;
    if (this.#scheduled !== undefined) clearImmediate(this.#scheduled);
  }

  #run(): void {
    this.#scheduled = undefined;
    const keys = [...this.#keys];
    this.#keys.clear();
    for (const key of keys) this.#step(key);
  }
}
