import type { Socket } from "node:net";
import type { Clock } from "./clock.ts";

/**
 * The connections that a gRPC server was handed. grpc-js neither knows when such connections end nor cuts them when told to
 * shut down by force.
 */
export class Connections {
  readonly #sockets = new Set<Socket>();
  #onEmpty: () => void = () => {};

  add(socket: Socket): void {
    this.#sockets.add(socket);
    socket.once("close", () => {
      this.#sockets.delete(socket);
      if (this.#sockets.size === 0) this.#onEmpty();
    });
  }

  /** Resolves when all are closed, which after `ms` milliseconds (0: at once) is forced. To be called once. */
  closed(clock: Clock, ms: number): Promise<void> {
    if (this.#sockets.size === 0) return Promise.resolve();
    return new Promise((resolve) => {
      const cut = () => {
        for (const socket of this.#sockets) socket.destroy();
      };
      const cancel = ms > 0 ? clock.after(ms, cut) : cut;
      this.#onEmpty = () => {
        cancel();
        resolve();
      };
      if (ms <= 0) cut();
    });
  }
}
