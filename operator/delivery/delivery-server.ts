import type { Socket } from "node:net";
import { Server, ServerCredentials } from "@grpc/grpc-js";
import type { Logger } from "pino";
import { SidegateError } from "../../engine/errors/sidegate-error.ts";
import { deliveryLimits } from "../../engine/model/delivery-limits.ts";
import { formatAddress, parseAddress, socketModes } from "../../host/address.ts";
import type { Clock } from "../../host/clock.ts";
import { Connections } from "../../host/connections.ts";
import { listen } from "../../host/listen.ts";
import { callersService } from "../../proto/callers-service.ts";
import { deliveryService } from "../../proto/delivery-service.ts";
import { reviewCallersHandler } from "../callers/review-handler.ts";
import type { RefusedPush } from "../events/record-refusal.ts";
import { Fleet } from "../fleet/fleet.ts";
import type { Gate } from "../identity/gate.ts";
import type { PeerIdentity } from "../identity/peer-identity.ts";
import type { PolicyBook } from "../policy-book.ts";
import type { ServingCertificate } from "../trust/serving-certificate.ts";
import type { Signer } from "../trust/signer.ts";
import { AddressMeter } from "./reception/address-meter.ts";
import { Reception } from "./reception/reception.ts";
import { RefusalLog } from "./reception/refusal-log.ts";
import { screenCallers } from "./reception/screen-callers.ts";
import { TlsTerminator } from "./reception/tls-terminator.ts";
import { toStatus } from "./reception/to-status.ts";
import { WaitingConnections } from "./reception/waiting-connections.ts";
import { type DeliverySettings, defaultDeliverySettings } from "./settings.ts";
import { fetchShardsHandler } from "./shards/fetch-shards.ts";
import { RecentShards } from "./shards/recent-shards.ts";
import { type Admission, Connection, type SyncCall } from "./streams/connection.ts";
import { ConnectionSet, type PeerBound } from "./streams/connection-set.ts";

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
  const { book, clock, logger, certificate, gate, signer, fleet = new Fleet() } = options;
  const settings = { ...defaultDeliverySettings, ...options.settings };
  const sidecars = new ConnectionSet();
  const connections = new Connections();
  const waiting = new WaitingConnections(clock, gate ? settings : { ...settings, ...UNBOUNDED });
  const refusals = new RefusalLog(clock, logger);
  const newStreams = {
    pod: newStreamsOf(clock, settings.streamsPerPod),
    user: newStreamsOf(clock, settings.streamsPerUser),
  };
  const reception = new Reception(gate, waiting, refusals);
  const server = new Server({
    "grpc.enable_channelz": 0,
    "grpc.max_concurrent_streams": STREAMS_PER_CONNECTION,
    "grpc.keepalive_time_ms": 30_000,
    "grpc.keepalive_timeout_ms": 10_000,
    "grpc.max_receive_message_length": deliveryLimits.requestBytes,
    ...(gate && { interceptors: [screenCallers(reception)] }),
  });

  let isStopping = false;
  const sync = async (call: SyncCall) => {
    if (isStopping) {
      call.emit("error", toStatus(new SidegateError("SG2105", "the operator's replica is shutting down")));
      return;
    }
    const admitted = await reception.admit(call);
    if (admitted === undefined) return;
    const { identity, release } = admitted;
    const bound = identity && boundOf(identity, settings);
    if (bound !== undefined && !newStreams[bound.kind].take(bound.peer)) {
      const error = new SidegateError("SG2103", `${bound.peer} opens streams too often`);
      refusals.report(bound.peer, error, { peer: call.getPeer(), user: identity?.user }, "Refused a peer");
      call.emit("error", toStatus(error));
      return release();
    }
    if (sidecars.size >= settings.maxSidecars) {
      call.emit("error", toStatus(new SidegateError("SG2103", `${sidecars.size} sidecars are connected`)));
      return release();
    }
    const admission: Admission | undefined = gate && identity && { gate, identity };
    let id: string | undefined;
    const connection: Connection = new Connection({
      ...{ call, book, fleet, clock, logger, settings, refusals, admission, signer },
      onRefusedPush: options.onRefusedPush,
      onBehind: options.onBehind,
      announce: options.announce,
      onServing(name) {
        if (admission === undefined) return;
        id = name.id;
        sidecars.claim(connection, id);
      },
      onEnd() {
        sidecars.delete(connection, bound, id);
        release();
      },
    });
    sidecars.add(connection, bound);
  };
  const shards = new RecentShards({ book, clock });
  const { stallMs } = settings;
  const fetching = { shards, reception, gate, fleet, refusals, clock, logger, stallMs };
  server.addService(deliveryService, { sync, fetchShards: fetchShardsHandler(fetching) });
  const review = reviewCallersHandler({ reception, sidecars: gate, callers: options.callers, logger });
  server.addService(callersService, { review });
  // TLS has ended before; the server itself sees plain HTTP/2.
  const injector = server.createConnectionInjector(ServerCredentials.createInsecure());
  const inject = (socket: Socket) => injector.injectConnection(socket);
  const tls =
    certificate && new TlsTerminator({ certificate, logger, handshakeMs: settings.helloMs, accept: inject });
  const listener = await listen(parseAddress(options.listen, socketModes.owner), {
    logger,
    maxConnections: settings.maxSidecars + (gate ? settings.waitingConnections : SPARE_CONNECTIONS),
    accept(socket) {
      if (!waiting.add(socket)) return;
      connections.add(socket);
      if (tls) tls.accept(socket);
      else inject(socket);
    },
  });
  const address = formatAddress(listener.address);
  const unsubscribe = book.subscribe((domain) => sidecars.changed(domain));
  logger.info({ address }, "Serves policies to sidecars");

  return {
    address,
    fleet,
    async stop(graceMs = 5_000) {
      isStopping = true;
      listener.close();
      await sidecars.drain(clock, graceMs / 2);
      // Until its turn comes a sidecar is served as ever.
      unsubscribe();
      shards.stop();
      tls?.stop();
      server.tryShutdown(() => {});
      await connections.closed(clock, graceMs / 2);
    },
  };
}

type Bound = PeerBound & { readonly kind: "user" | "pod" };

function boundOf({ user, pod }: PeerIdentity, settings: DeliverySettings): Bound {
  return pod === undefined
    ? { kind: "user", peer: `user ${user}`, most: settings.streamsPerUser }
    : {
        kind: "pod",
        peer: `pod ${pod.namespace}/${pod.name} (${pod.uid})`,
        most: settings.streamsPerPod,
      };
}

/**
 * How often a peer may open a stream: all that it may have eight times over, and then all within 16 s. Each may bear another
 * name, and whoever is gone without a goodbye is remembered, in memory and in the DeliveryReport, until its bound is over.
 */
function newStreamsOf(clock: Clock, most: number): AddressMeter {
  return new AddressMeter(clock, { burst: 8 * most, perSecond: most / 16 });
}
