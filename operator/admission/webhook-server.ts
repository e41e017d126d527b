import { createServer, type Server } from "node:https";
import type { Logger } from "pino";
import { formatAddress, parseAddress, socketModes } from "../../host/address.ts";
import type { Clock } from "../../host/clock.ts";
import { listen } from "../../host/listen.ts";
import { RefusalLog } from "../delivery/reception/refusal-log.ts";
import type { ServingCertificate } from "../trust/serving-certificate.ts";
import { type ConnectionLimits, WebhookConnections } from "./webhook-connections.ts";
import { type RequestLimits, WebhookHandler, type WebhookRoutes } from "./webhook-handler.ts";

export interface WebhookLimits extends ConnectionLimits, RequestLimits {}

const LIMITS: WebhookLimits = {
  connections: 512,
  requestMs: 5_000,
  idleMs: 120_000,
  requestBytes: 8 * 1024 * 1024,
  receivedBytes: 64 * 1024 * 1024,
  reviews: 64,
  reviewsOfOne: 16,
  answerMs: 10_000,
};

/** Milliseconds that a connection may still be used in when the server stops. */
const LINGER_MS = 1_000;

export interface WebhookServerOptions {
  /** "HOST:PORT". */
  readonly listen: string;
  readonly certificate: ServingCertificate;
  readonly routes: WebhookRoutes;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly limits?: Partial<WebhookLimits>;
}

export interface WebhookServer {
  /** "HOST:PORT", with the port that was really taken. */
  readonly address: string;
  /**
   * Takes no new connections, answers what was asked and what is still asked on connections that are there, and resolves when that is
   * done, after `graceMs` and a second at the latest.
   */
  stop(graceMs?: number): Promise<void>;
}

/**
 * Serves webhooks over HTTPS, with the certificate as it changes. Who sends garbage, sends slowly or opens many connections
 * is cut, without effect on others. Clients are not authenticated: whoever reaches the port may ask, which the NetworkPolicy
 * of the chart narrows down.
 *
 * @throws SidegateError SG3102 or SG3103 where it can not listen
 */
export async function startWebhookServer(options: WebhookServerOptions): Promise<WebhookServer> {
  const { certificate, routes, clock, logger } = options;
  const limits = { ...LIMITS, ...options.limits };
  const connections = new WebhookConnections(clock, limits);
  const refusals = new RefusalLog(clock, logger);
  const handler = new WebhookHandler({ routes, connections, limits, clock, logger, refusals });
  const server = createTlsServer(certificate, limits, logger);
  server.on("request", (request, response) => handler.handle(request, response));
  const unfollow = followCertificate(server, certificate, logger);
  const listener = await listen(parseAddress(options.listen, socketModes.owner), {
    logger,
    accept(socket) {
      connections.add(socket);
      server.emit("connection", socket);
    },
  }).catch((error: unknown) => {
    unfollow();
    throw error;
  });
  const address = formatAddress(listener.address);
  logger.info({ address, paths: Object.keys(routes) }, "Serves webhooks");
  return {
    address,
    async stop(graceMs = 5_000) {
      handler.drain();
      unfollow();
      listener.close();
      // The API server keeps connections, and does not ask again where one is cut under a request. Each gets one more answer, which
      // closes it; one that is not used meanwhile is hardly used in the very moment in which it is cut.
      await connections.emptied(Math.min(LINGER_MS, graceMs));
      connections.close({ answering: false });
      await handler.settled(graceMs);
      connections.close({ answering: true });
    },
  };
}

/** A server of HTTPS that is handed connections, and cuts those on which no HTTPS is spoken. */
function createTlsServer(
  certificate: ServingCertificate,
  { requestMs }: ConnectionLimits,
  logger: Logger,
): Server {
  const server = createServer({
    ...tlsOptions(certificate),
    keepAliveTimeout: 0,
    handshakeTimeout: requestMs,
  });
  server.on("tlsClientError", (error, socket) => {
    logger.debug({ peer: socket.remoteAddress, err: error }, "A handshake failed");
    socket.destroy();
  });
  server.on("clientError", (_error, socket) => socket.destroy());
  return server;
}

/** Has connections from now on served with the certificate as it changes. Returns the function that ends that. */
function followCertificate(server: Server, certificate: ServingCertificate, logger: Logger): () => void {
  return certificate.subscribe(() => {
    try {
      server.setSecureContext(tlsOptions(certificate));
    } catch (error) {
      logger.error({ err: error }, "A new certificate can not be used; the webhooks go on with the old one");
    }
  });
}

function tlsOptions({ current }: ServingCertificate) {
  return { ...current, minVersion: "TLSv1.2" } as const;
}
