import type { Clock } from "../../host/clock.ts";
import type { Connection } from "./connection.ts";

/** The connections that are of use. */
export class ConnectionSet {
  readonly #connections = new Set<Connection>();
  #onEmpty: () => void = () => {};

  get size(): number {
    return this.#connections.size;
  }

  add(connection: Connection): void {
    this.#connections.add(connection);
  }

  delete(connection: Connection): void {
    this.#connections.delete(connection);
    if (this.#connections.size === 0) this.#onEmpty();
  }

  /** Tells all of them that the current policy of a domain has changed. */
  changed(domain: string): void {
    for (const connection of this.#connections) connection.changed(domain);
  }

  /** Lets pushes under way be answered, then ends all streams; after `ms` milliseconds without waiting. */
  async drain(clock: Clock, ms: number): Promise<void> {
    for (const connection of [...this.#connections]) connection.drain();
    if (this.#connections.size > 0) {
      await new Promise<void>((resolve) => {
        const cancel = clock.after(ms, resolve);
        this.#onEmpty = () => {
          cancel();
          resolve();
        };
      });
    }
    for (const connection of [...this.#connections]) connection.stop();
  }
}
