import { Server, ServerCredentials } from "@grpc/grpc-js";
import type { Logger } from "pino";
import { SidegateError } from "../../engine/errors/sidegate-error.ts";
import { deliveryLimits } from "../../engine/model/delivery-limits.ts";
import { deliveryService } from "../../proto/delivery-service.ts";
import type { Clock } from "../clock.ts";
import { Fleet } from "../fleet/fleet.ts";
import type { PolicyBook } from "../policy-book.ts";
import { Connection, type SyncCall } from "./connection.ts";
import { ConnectionSet } from "./connection-set.ts";
import { listenAt } from "./listen-address.ts";
import { type DeliverySettings, defaultDeliverySettings } from "./settings.ts";
import { Sockets } from "./sockets.ts";
import { toStatus } from "./to-status.ts";

export interface DeliveryServerOptions {
  readonly book: PolicyBook;
  /** "HOST:PORT" or "unix:PATH"; see listenAt. */
  readonly listen: string;
  readonly clock: Clock;
  readonly logger: Logger;
  /** Default: plain text, for loopback and sockets. */
  readonly credentials?: ServerCredentials;
  /** Default: a fleet of its own. */
  readonly fleet?: Fleet;
  readonly settings?: Partial<DeliverySettings>;
}

export interface DeliveryServer {
  /** Where it listens, as gRPC clients take it. */
  readonly address: string;
  /** Who is connected and has what. */
  readonly fleet: Fleet;
  /**
   * Takes no more sidecars, lets pushes under way be answered, ends all streams and, after `graceMs` (default 5000), cuts
   * what is left. Resolves when everything is closed.
   */
  stop(graceMs?: number): Promise<void>;
}

/** Streams of one connection. A sidecar opens one; more come only from something that is no sidecar. */
const STREAMS_PER_CONNECTION = 8;
/** Connections beyond the number of sidecars, so that one sidecar too many is told why it is refused. */
const SPARE_CONNECTIONS = 64;

/** Serves policies to sidecars. Rejects with SG2106 where it can not listen. */
export async function startDeliveryServer(options: DeliveryServerOptions): Promise<DeliveryServer> {
  const {
    book,
    clock,
    logger,
    fleet = new Fleet(),
    credentials = ServerCredentials.createInsecure(),
  } = options;
  const settings = { ...defaultDeliverySettings, ...options.settings };
  const connections = new ConnectionSet();
  const sockets = new Sockets();
  const server = new Server({
    "grpc.enable_channelz": 0,
    "grpc.max_concurrent_streams": STREAMS_PER_CONNECTION,
    "grpc.keepalive_time_ms": 30_000,
    "grpc.keepalive_timeout_ms": 10_000,
    "grpc.max_receive_message_length": deliveryLimits.requestBytes,
  });

  const sync = (call: SyncCall) => {
    if (connections.size >= settings.maxSidecars) {
      call.emit("error", toStatus(new SidegateError("SG2103", `${connections.size} sidecars are connected`)));
      return;
    }
    const connection: Connection = new Connection({
      ...{ call, book, fleet, clock, logger, settings },
      onEnd: () => connections.delete(connection),
    });
    connections.add(connection);
  };
  server.addService(deliveryService, { sync });
  const injector = server.createConnectionInjector(credentials);
  const listener = await listenAt(options.listen, settings.maxSidecars + SPARE_CONNECTIONS, (socket) => {
    sockets.add(socket);
    injector.injectConnection(socket);
  });
  const unsubscribe = book.subscribe((domain) => connections.changed(domain));
  logger.info({ address: listener.address }, "Serves policies to sidecars");

  return {
    address: listener.address,
    fleet,
    async stop(graceMs = 5_000) {
      unsubscribe();
      listener.close();
      await connections.drain(clock, graceMs / 2);
      server.tryShutdown(() => {});
      await sockets.closed(clock, graceMs / 2);
    },
  };
}
