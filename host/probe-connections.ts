import type { Socket } from "node:net";
import { serverLimits } from "../engine/model/server-limits.ts";
import type { Clock } from "./clock.ts";

/**
 * The connections of a port for probes, which anybody who reaches the machine may open. Whoever says nothing, or says it
 * byte by byte, is cut; and a new connection takes the place of the oldest, so that nobody can keep probes out. (The
 * time limits of node:http hold only for servers that listen themselves.)
 */
export class ProbeConnections {
  readonly #clock: Clock;
  /** From the oldest to the newest, each with what ends its time limit. */
  readonly #sockets = new Map<Socket, () => void>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  add(socket: Socket): void {
    const [oldest] = this.#sockets.keys();
    if (this.#sockets.size >= serverLimits.probeConnections && oldest !== undefined) this.#cut(oldest);
    const cancel = this.#clock.after(serverLimits.probeLifetimeMs, () => this.#cut(socket));
    this.#sockets.set(socket, cancel);
    socket.on("error", () => this.#cut(socket));
    socket.once("close", () => this.#forget(socket));
  }

  /** Lets a connection live on, as one that is watched needs; it still gives way when there are too many. */
  keep(socket: Socket): void {
    this.#sockets.get(socket)?.();
  }

  /** Cuts all. */
  close(): void {
    for (const socket of [...this.#sockets.keys()]) this.#cut(socket);
  }

  #cut(socket: Socket): void {
    this.#forget(socket);
    socket.destroy();
  }

  #forget(socket: Socket): void {
    this.#sockets.get(socket)?.();
    this.#sockets.delete(socket);
  }
}
