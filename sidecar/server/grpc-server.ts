import type { Socket } from "node:net";
import { type ConnectionInjector, Server, ServerCredentials } from "@grpc/grpc-js";
import { limits } from "../../engine/model/limits.ts";

/** Calls that one connection may have open; more wait at the client. */
const CONCURRENT_CALLS = 1000;

/**
 * A grpc-js server without listeners of its own: sockets are accepted by listen.ts, where an address in use has a clear
 * error and one port can carry several protocols.
 */
export class GrpcServer {
  /** For registering methods. */
  readonly server: Server;
  readonly #injector: ConnectionInjector;
  readonly #connections = new Set<Socket>();
  #onIdle: () => void = () => {};
  #stopped: Promise<void> | undefined;

  constructor() {
    this.server = new Server({
      "grpc.enable_channelz": 0,
      "grpc.max_concurrent_streams": CONCURRENT_CALLS,
      "grpc.max_receive_message_length": limits.requestBytes,
    });
    this.#injector = this.server.createConnectionInjector(ServerCredentials.createInsecure());
  }

  /** Serves a connection. */
  readonly accept = (socket: Socket): void => {
    this.#connections.add(socket);
    socket.once("close", () => {
      this.#connections.delete(socket);
      if (this.#connections.size === 0) this.#onIdle();
    });
    this.#injector.injectConnection(socket);
  };

  /**
   * Takes no new calls, lets those under way end, and after `graceMs` milliseconds cuts what is left. Resolves when all
   * connections are closed. (Of injected connections grpc-js itself neither knows when they end nor destroys them.)
   */
  stop(graceMs: number): Promise<void> {
    this.#stopped ??= this.#stop(graceMs);
    return this.#stopped;
  }

  async #stop(graceMs: number): Promise<void> {
    this.server.tryShutdown(() => {});
    if (this.#connections.size === 0) return;
    const idle = new Promise<void>((resolve) => {
      this.#onIdle = resolve;
    });
    const cut = setTimeout(() => {
      for (const socket of this.#connections) socket.destroy();
    }, graceMs);
    await idle;
    clearTimeout(cut);
  }
}
