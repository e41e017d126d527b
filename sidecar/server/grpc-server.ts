import type { Socket } from "node:net";
import { type ConnectionInjector, Server, ServerCredentials } from "@grpc/grpc-js";
import { limits } from "../../engine/model/limits.ts";
import { serverLimits } from "../../engine/model/server-limits.ts";
import type { Clock } from "../../host/clock.ts";
import { Connections } from "../../host/connections.ts";

/**
 * A grpc-js server without listeners of its own: sockets are accepted by host/listen.ts, where an address in use has a clear
 * error and one port can carry several protocols.
 */
export class GrpcServer {
  /** For registering methods. */
  readonly server: Server;
  readonly #injector: ConnectionInjector;
  readonly #clock: Clock;
  readonly #connections = new Connections();
  #stopped: Promise<void> | undefined;

  constructor(clock: Clock) {
    this.#clock = clock;
    this.server = new Server({
      "grpc.enable_channelz": 0,
      "grpc.max_concurrent_streams": serverLimits.callsPerConnection,
      "grpc.max_receive_message_length": limits.requestBytes,
    });
    this.#injector = this.server.createConnectionInjector(ServerCredentials.createInsecure());
  }

  /** Serves a connection. */
  readonly accept = (socket: Socket): void => {
    this.#connections.add(socket);
    this.#injector.injectConnection(socket);
  };

  /**
   * Takes no new calls, lets those under way end, and after `graceMs` milliseconds cuts what is left. Resolves when all
   * connections are closed.
   */
  stop(graceMs: number): Promise<void> {
    if (this.#stopped === undefined) {
      this.server.tryShutdown(() => {});
      this.#stopped = this.#connections.closed(this.#clock, graceMs);
    }
    return this.#stopped;
  }
}
