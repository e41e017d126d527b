import type { Socket } from "node:net";
import type { Clock } from "../clock.ts";

/**
 * The connections that the server accepted. grpc-js neither knows when connections end that were handed to it nor cuts them
 * when told to shut down by force.
 */
export class Sockets {
  readonly #sockets = new Set<Socket>();
  #onEmpty: () => void = () => {};

  add(socket: Socket): void {
    this.#sockets.add(socket);
    socket.once("close", () => {
      this.#sockets.delete(socket);
      if (this.#sockets.size === 0) this.#onEmpty();
    });
  }

  /** Resolves when all are closed, which after `ms` milliseconds is forced. */
  closed(clock: Clock, ms: number): Promise<void> {
    if (this.#sockets.size === 0) return Promise.resolve();
    return new Promise((resolve) => {
      const cancel = clock.after(ms, () => {
        for (const socket of this.#sockets) socket.destroy();
      });
      this.#onEmpty = () => {
        cancel();
        resolve();
      };
    });
  }
}
