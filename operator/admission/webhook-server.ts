import type { IncomingMessage, ServerResponse } from "node:http";
import { createServer } from "node:https";
import type { Logger } from "pino";
import { messageOf } from "../../engine/errors/message-of.ts";
import { formatAddress, parseAddress, socketModes } from "../../host/address.ts";
import type { Clock } from "../../host/clock.ts";
import { listen } from "../../host/listen.ts";
import type { ServingCertificate } from "../trust/serving-certificate.ts";
import { BodyReader, TooLarge, TooMuch } from "./body-reader.ts";
import { readReview, UnreadableReview } from "./read-review.ts";
import { readTimeout } from "./read-timeout.ts";
import type { ReviewHandler } from "./review.ts";
import { Turns } from "./turns.ts";
import { type ConnectionLimits, WebhookConnections } from "./webhook-connections.ts";
import { writeReview } from "./write-review.ts";

/** What answers the reviews at each path. An absent one is 404. */
export interface WebhookRoutes {
  /** Validating, of Sidegate's kinds. */
  readonly "/validate"?: ReviewHandler | undefined;
  /** Mutating, of Sidegate's kinds. */
  readonly "/default"?: ReviewHandler | undefined;
  /** Mutating, of pods. */
  readonly "/inject"?: ReviewHandler | undefined;
}

export interface WebhookLimits extends ConnectionLimits {
  /** Bytes of one request. The API server takes objects of 3 MiB, and sends the old one with the new. */
  readonly requestBytes: number;
  /** Bytes of all requests that are being received. */
  readonly receivedBytes: number;
  /** Reviews that are worked on at a time; further ones wait. */
  readonly reviews: number;
  /** Of those, how many may be of one namespace, whose writes may have to wait for one another. */
  readonly reviewsOfOne: number;
  /** Milliseconds for an answer where the API server does not say, and the most where it does. */
  readonly answerMs: number;
}

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

/** An answer that is no review, and that the API server takes for a webhook that failed. */
class Failure extends Error {
  readonly status: number;

  constructor(status: number, message: string) {
    super(message);
    this.status = status;
  }
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
  const bodies = new BodyReader(limits);
  const turns = new Turns(limits.reviews, limits.reviewsOfOne);
  const underWay = new Set<Promise<void>>();
  let isStopping = false;

  const review = async (request: IncomingMessage, response: ServerResponse): Promise<string> => {
    const { pathname, searchParams } = new URL(request.url ?? "/", "https://webhook");
    const handler = Object.hasOwn(routes, pathname) ? routes[pathname as keyof WebhookRoutes] : undefined;
    if (handler === undefined) throw new Failure(404, `there is no webhook at ${pathname.slice(0, 100)}`);
    if (request.method !== "POST") throw new Failure(405, "a review is sent with POST");
    const body = await bodies.read(request);
    connections.answering(request.socket);
    const admission = readReview(body);
    const answerMs = Math.min(limits.answerMs, readTimeout(searchParams.get("timeout")) ?? limits.answerMs);
    const late = new AbortController();
    // A little less than the API server waits, so that it gets a sentence.
    const cancel = clock.after(answerMs * 0.9, () => late.abort());
    const gone = () => late.abort();
    response.once("close", gone);
    try {
      const answer = await turns.run(admission.namespace, async () => {
        late.signal.throwIfAborted();
        return handler(admission, late.signal);
      });
      return writeReview(admission.uid, answer);
    } catch (error) {
      const { operation, kind, namespace, name, userInfo } = admission;
      const facts = { path: pathname, operation, kind: kind.kind, domain: namespace, object: name };
      if (late.signal.aborted) {
        logger.warn({ ...facts, user: userInfo.username, answerMs }, "A review was not answered in time");
        throw new Failure(504, `the review could not be judged within ${Math.round(answerMs * 0.9)} ms`);
      }
      logger.error({ ...facts, user: userInfo.username, err: error }, "A review failed");
      throw new Failure(500, `the review could not be judged: ${messageOf(error)}`);
    } finally {
      cancel();
      response.off("close", gone);
    }
  };

  const answer = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    connections.receiving(request.socket);
    let status = 200;
    let text: string;
    try {
      text = await review(request, response);
    } catch (error) {
      status = statusOf(error);
      text = messageOf(error);
      if (status < 500)
        logger.debug({ peer: request.socket.remoteAddress, status, text }, "Refused a request");
    }
    connections.answering(request.socket);
    // The rest of a body that nobody reads would stand before the next request.
    const isWhole = request.complete;
    response.writeHead(status, {
      "content-type": status === 200 ? "application/json" : "text/plain; charset=utf-8",
      ...((isStopping || !isWhole) && { connection: "close" }),
    });
    response.end(text);
    response.once("close", () => connections.answered(request.socket));
    response.once("finish", () => connections.answered(request.socket));
  };

  const server = createServer(
    {
      ...certificate.current,
      minVersion: "TLSv1.2",
      keepAliveTimeout: 0,
      handshakeTimeout: limits.requestMs,
    },
    (request, response) => {
      const work = answer(request, response).finally(() => underWay.delete(work));
      underWay.add(work);
    },
  );
  server.on("tlsClientError", (error, socket) => {
    logger.debug({ peer: socket.remoteAddress, err: error }, "A handshake failed");
    socket.destroy();
  });
  server.on("clientError", (_error, socket) => socket.destroy());
  const unsubscribe = certificate.subscribe(() => {
    try {
      server.setSecureContext({ ...certificate.current, minVersion: "TLSv1.2" });
    } catch (error) {
      logger.error({ err: error }, "A new certificate can not be used; the webhooks go on with the old one");
    }
  });
  const listener = await listen(parseAddress(options.listen, socketModes.owner), {
    logger,
    accept(socket) {
      connections.add(socket);
      server.emit("connection", socket);
    },
  }).catch((error: unknown) => {
    unsubscribe();
    throw error;
  });
  const address = formatAddress(listener.address);
  logger.info({ address, paths: Object.keys(routes) }, "Serves webhooks");
  return {
    address,
    async stop(graceMs = 5_000) {
      isStopping = true;
      unsubscribe();
      listener.close();
      // The API server keeps connections, and does not ask again where one is cut under a request. Each gets one more answer, which
      // closes it; one that is not used meanwhile is hardly used in the very moment in which it is cut.
      await connections.emptied(Math.min(LINGER_MS, graceMs));
      connections.close({ answering: false });
      await settled(underWay, clock, graceMs);
      connections.close({ answering: true });
    },
  };
}

function statusOf(error: unknown): number {
  if (error instanceof Failure) return error.status;
  if (error instanceof UnreadableReview) return 400;
  if (error instanceof TooLarge) return 413;
  return error instanceof TooMuch ? 503 : 400;
}

/** Resolves when all are settled, after `ms` at the latest. */
function settled(work: ReadonlySet<Promise<void>>, clock: Clock, ms: number): Promise<void> {
  if (work.size === 0) return Promise.resolve();
  return new Promise((resolve) => {
    const cancel = clock.after(ms, resolve);
    void Promise.allSettled([...work]).then(() => {
      cancel();
      resolve();
    });
  });
}
