import { Server, ServerCredentials } from "@grpc/grpc-js";
import type { Logger } from "pino";
import { SidegateError } from "../../engine/errors/sidegate-error.ts";
import { deliveryLimits } from "../../engine/model/delivery-limits.ts";
import { formatAddress, parseAddress, socketModes } from "../../host/address.ts";
import type { Clock } from "../../host/clock.ts";
import { Connections } from "../../host/connections.ts";
import { listen } from "../../host/listen.ts";
import { deliveryService } from "../../proto/delivery-service.ts";
import { Fleet } from "../fleet/fleet.ts";
import type { PolicyBook } from "../policy-book.ts";
import { Connection, type SyncCall } from "./connection.ts";
import { ConnectionSet } from "./connection-set.ts";
import { type DeliverySettings, defaultDeliverySettings } from "./settings.ts";
import { toStatus } from "./to-status.ts";

export interface DeliveryServerOptions {
  readonly book: PolicyBook;
  /** "HOST:PORT" or "unix:PATH", whose file is for this user alone; see parseAddress. */
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

/** Serves policies to sidecars. Rejects with SG3102 or SG3103 where it can not listen. */
export async function startDeliveryServer(options: DeliveryServerOptions): Promise<DeliveryServer> {
  const {
    book,
    clock,
    logger,
    fleet = new Fleet(),
    credentials = ServerCredentials.createInsecure(),
  } = options;
  const settings = { ...defaultDeliverySettings, ...options.settings };
  const sidecars = new ConnectionSet();
  const connections = new Connections();
  const server = new Server({
    "grpc.enable_channelz": 0,
    "grpc.max_concurrent_streams": STREAMS_PER_CONNECTION,
    "grpc.keepalive_time_ms": 30_000,
    "grpc.keepalive_timeout_ms": 10_000,
    "grpc.max_receive_message_length": deliveryLimits.requestBytes,
  });

  const sync = (call: SyncCall) => {
    if (sidecars.size >= settings.maxSidecars) {
      call.emit("error", toStatus(new SidegateError("SG2103", `${sidecars.size} sidecars are connected`)));
      return;
    }
    const connection: Connection = new Connection({
      call,
      book,
      fleet,
      clock,
      logger,
      settings,
      onEnd: () => sidecars.delete(connection),
    });
    sidecars.add(connection);
  };
  server.addService(deliveryService, { sync });
  const injector = server.createConnectionInjector(credentials);
  const listener = await listen(parseAddress(options.listen, socketModes.owner), {
    logger,
    maxConnections: settings.maxSidecars + SPARE_CONNECTIONS,
    accept(socket) {
      connections.add(socket);
      injector.injectConnection(socket);
    },
  });
  const address = formatAddress(listener.address);
  const unsubscribe = book.subscribe((domain) => sidecars.changed(domain));
  logger.info({ address }, "Serves policies to sidecars");

  return {
    address,
    fleet,
    async stop(graceMs = 5_000) {
      unsubscribe();
      listener.close();
      await sidecars.drain(clock, graceMs / 2);
      server.tryShutdown(() => {});
      await connections.closed(clock, graceMs / 2);
    },
  };
}
