import type { Socket } from "node:net";
import { type Server, ServerCredentials } from "@grpc/grpc-js";
import type { Logger } from "pino";
import { formatAddress, parseAddress, socketModes } from "../../../host/address.ts";
import type { Clock } from "../../../host/clock.ts";
import { Connections } from "../../../host/connections.ts";
import { listen } from "../../../host/listen.ts";
import type { ServingCertificate } from "../../trust/serving-certificate.ts";
import type { RefusalLog } from "./refusal-log.ts";
import { TlsTerminator } from "./tls-terminator.ts";
import type { WaitingConnections } from "./waiting-connections.ts";

export interface AcceptSocketsOptions {
  /** "HOST:PORT" or "unix:PATH"; see parseAddress. */
  readonly listen: string;
  /** Is given the connections. */
  readonly server: Server;
  /** Counts the connections on which nobody is served yet. */
  readonly waiting: WaitingConnections;
  /** Absent: plain text. */
  readonly certificate: ServingCertificate | undefined;
  /** Until a TLS handshake must be over, in milliseconds. */
  readonly handshakeMs: number;
  /** Connections at once. */
  readonly maxConnections: number;
  readonly logger: Logger;
  readonly refusals: RefusalLog;
}

/** A listener and its connections. */
export interface Sockets {
  /** Where it listens, as gRPC clients take it. */
  readonly address: string;
  /** Takes no more connections; those that are open stay. */
  close(): void;
  /** Resolves when all connections are closed; after `ms` milliseconds they are cut. */
  closed(clock: Clock, ms: number): Promise<void>;
}

/** Listens for connections to a gRPC server. Rejects with SG3102 or SG3103 where it can not listen. */
export async function acceptSockets(options: AcceptSocketsOptions): Promise<Sockets> {
  const { server, waiting, certificate, handshakeMs, maxConnections, logger, refusals } = options;
  // TLS has ended before; the server itself sees plain HTTP/2.
  const injector = server.createConnectionInjector(ServerCredentials.createInsecure());
  const inject = (socket: Socket) => injector.injectConnection(socket);
  const tls =
    certificate && new TlsTerminator({ certificate, logger, refusals, handshakeMs, accept: inject });
  const connections = new Connections();
  const listener = await listen(parseAddress(options.listen, socketModes.owner), {
    logger,
    maxConnections,
    accept(socket) {
      if (!waiting.add(socket)) return;
      connections.add(socket);
      if (tls) tls.accept(socket);
      else inject(socket);
    },
  });
  return {
    address: formatAddress(listener.address),
    close() {
      listener.close();
      tls?.stop();
    },
    closed: (clock, ms) => connections.closed(clock, ms),
  };
}
