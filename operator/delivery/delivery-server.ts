import { Server } from "@grpc/grpc-js";
import type { Logger } from "pino";
import { SidegateError } from "../../engine/errors/sidegate-error.ts";
import { deliveryLimits } from "../../engine/model/delivery-limits.ts";
import type { Clock } from "../../host/clock.ts";
import { callersService } from "../../proto/callers-service.ts";
import { deliveryService } from "../../proto/delivery-service.ts";
import { reviewCallersHandler } from "../callers/review-handler.ts";
import type { RefusedPush } from "../events/record-refusal.ts";
import { Fleet } from "../fleet/fleet.ts";
import type { Gate } from "../identity/gate.ts";
import type { PolicyBook } from "../policy-book.ts";
import type { ServingCertificate } from "../trust/serving-certificate.ts";
import type { Signer } from "../trust/signer.ts";
import { acceptSockets } from "./reception/accept-sockets.ts";
import { PeerBounds } from "./reception/peer-bounds.ts";
import { Reception } from "./reception/reception.ts";
import { RefusalLog } from "./reception/refusal-log.ts";
import { screenCallers } from "./reception/screen-callers.ts";
import { WaitingConnections } from "./reception/waiting-connections.ts";
import { type DeliverySettings, defaultDeliverySettings } from "./settings.ts";
import { fetchShardsHandler } from "./shards/fetch-shards.ts";
import { RecentShards } from "./shards/recent-shards.ts";
import { ConnectionSet } from "./streams/connection-set.ts";
import { openStreamHandler } from "./streams/open-stream.ts";
import { WakeSlots } from "./streams/wake-slots.ts";

export interface DeliveryServerOptions {
  readonly book: PolicyBook;
  /** "HOST:PORT" or "unix:PATH", whose file is for this user alone; see parseAddress. */
  readonly listen: string;
  readonly clock: Clock;
  readonly logger: Logger;
  /** What to serve with over TLS. Default: plain text, for loopback and sockets. */
  readonly certificate?: ServingCertificate | undefined;
  /** Who may come in. Default: whoever reaches the address. */
  readonly gate?: Gate | undefined;
  /** Knows who asks sidecars that serve a whole node. Absent: there are no such sidecars. */
  readonly callers?: Gate | undefined;
  /** Default: a fleet of its own. */
  readonly fleet?: Fleet;
  /** Signs what is said of policies. Default: nobody does. */
  readonly signer?: Signer | undefined;
  /** Told when a sidecar has seen more than this replica, so that it is of use to know how far all is read. */
  readonly onBehind?: () => void;
  /** Resolves once it is known elsewhere who is connected now. Default: nobody needs to know. */
  readonly announce?: (() => Promise<void>) | undefined;
  /** Told of each policy that a sidecar did not take. */
  readonly onRefusedPush?: (refused: RefusedPush) => void;
  readonly settings?: Partial<DeliverySettings>;
}

export interface DeliveryServer {
  /** Where it listens, as gRPC clients take it. */
  readonly address: string;
  /** Who is connected and has what. */
  readonly fleet: Fleet;
  /**
   * Takes no more sidecars, hands those that it has over, a few at a time and with pushes under way finished, and, after
   * `graceMs` (default 5000), cuts what is left. Resolves when everything is closed.
   */
  stop(graceMs?: number): Promise<void>;
}

/** Streams of one connection. A sidecar opens one; more come only from something that is no sidecar. */
const STREAMS_PER_CONNECTION = 8;
/** Connections beyond the number of sidecars, so that one sidecar too many is told why it is refused. */
const SPARE_CONNECTIONS = 64;
/** Where everybody is let in, one neighbour is as good as the other, and all may come from one machine. */
const UNBOUNDED = {
  waitingConnections: Infinity,
  waitingPerAddress: Infinity,
  newPerAddress: { burst: Infinity, perSecond: 0 },
};

/** Serves policies to sidecars. Rejects with SG3102 or SG3103 where it can not listen. */
export async function startDeliveryServer(options: DeliveryServerOptions): Promise<DeliveryServer> {
  const { book, clock, logger, gate, signer, fleet = new Fleet() } = options;
  const settings = { ...defaultDeliverySettings, ...options.settings };
  const refusals = new RefusalLog(clock, logger);
  const bounds = gate ? settings : { ...settings, ...UNBOUNDED };
  const waiting = new WaitingConnections(clock, bounds, (peer, why) =>
    refusals.report(peer, new SidegateError("SG2160", why), { peer }, "Closed a connection"),
  );
  const reception = new Reception(gate, waiting, refusals);
  const served = { ...options, gate, signer, fleet, settings, reception, refusals };
  const sidecars = new ConnectionSet();
  const shards = new RecentShards({ book, clock });

  const server = createServer(gate && reception);
  server.addService(deliveryService, {
    sync: openStreamHandler({
      ...served,
      sidecars,
      bounds: new PeerBounds(clock, settings),
      wakes: new WakeSlots(clock),
    }),
    fetchShards: fetchShardsHandler({ ...served, shards, stallMs: settings.stallMs }),
  });
  server.addService(callersService, {
    review: reviewCallersHandler({ reception, sidecars: gate, callers: options.callers, logger }),
  });
  const sockets = await acceptSockets({
    ...{ listen: options.listen, server, waiting, certificate: options.certificate, logger, refusals },
    handshakeMs: settings.helloMs,
    maxConnections: settings.maxSidecars + (gate ? settings.waitingConnections : SPARE_CONNECTIONS),
  });
  const unsubscribe = book.subscribe((domain) => sidecars.changed(domain));
  const { address } = sockets;
  logger.info({ address }, "Serves policies to sidecars");

  return {
    address,
    fleet,
    async stop(graceMs = 5_000) {
      sockets.close();
      await sidecars.drain(clock, graceMs / 2);
      // Until its turn comes a sidecar is served as ever.
      unsubscribe();
      shards.stop();
      server.tryShutdown(() => {});
      await sockets.closed(clock, graceMs / 2);
    },
  };
}

/** @param screening absent where delivery is not authenticated */
function createServer(screening: Reception | undefined): Server {
  return new Server({
    "grpc.enable_channelz": 0,
    "grpc.max_concurrent_streams": STREAMS_PER_CONNECTION,
    "grpc.keepalive_time_ms": 30_000,
    "grpc.keepalive_timeout_ms": 10_000,
    "grpc.max_receive_message_length": deliveryLimits.requestBytes,
    ...(screening && { interceptors: [screenCallers(screening)] }),
  });
}
