import type { IncomingMessage, ServerResponse } from "node:http";
import type { Logger } from "pino";
import { messageOf } from "../../engine/errors/message-of.ts";
import { SidegateError } from "../../engine/errors/sidegate-error.ts";
import type { Clock } from "../../host/clock.ts";
import type { RefusalLog } from "../delivery/reception/refusal-log.ts";
import { BodyReader, TooLarge, TooMuch } from "./body-reader.ts";
import { readReview, UnreadableReview } from "./read-review.ts";
import { readTimeout } from "./read-timeout.ts";
import type { AdmissionRequest, ReviewHandler } from "./review.ts";
import { Turns } from "./turns.ts";
import type { WebhookConnections } from "./webhook-connections.ts";
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

export interface RequestLimits {
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

export interface WebhookHandlerOptions {
  readonly routes: WebhookRoutes;
  /** Told how far the request on a connection is. */
  readonly connections: WebhookConnections;
  readonly limits: RequestLimits;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly refusals: RefusalLog;
}

/** A review that was read. */
interface Asked {
  readonly path: string;
  readonly admission: AdmissionRequest;
  /** Judges it. */
  readonly judge: ReviewHandler;
  /** How long the API server waits. */
  readonly answerMs: number;
}

/** The share of the time that the API server waits in which it is answered, so that it gets a sentence. */
const IN_TIME = 0.9;

/** An answer that is no review, and that the API server takes for a webhook that failed. */
class Failure extends Error {
  readonly status: number;

  constructor(status: number, message: string) {
    super(message);
    this.status = status;
  }
}

/** The answer to a review that could not be judged, which was written down. */
class Unjudged extends Failure {}

/** Answers the requests of the webhooks' port: reads a review, has it judged when its turn comes, and writes the answer. */
export class WebhookHandler {
  readonly #options: WebhookHandlerOptions;
  readonly #bodies: BodyReader;
  readonly #turns: Turns;
  readonly #underWay = new Set<Promise<void>>();
  #isDraining = false;

  constructor(options: WebhookHandlerOptions) {
    const { limits } = options;
    this.#options = options;
    this.#bodies = new BodyReader(limits);
    this.#turns = new Turns(limits.reviews, limits.reviewsOfOne);
  }

  /** Answers a request. */
  handle(request: IncomingMessage, response: ServerResponse): void {
    const work = this.#handle(request, response).finally(() => this.#underWay.delete(work));
    this.#underWay.add(work);
  }

  /** From now on an answer is the last one on its connection. */
  drain(): void {
    this.#isDraining = true;
  }

  /** Resolves when all that was asked by now is answered, after `ms` at the latest. */
  settled(ms: number): Promise<void> {
    if (this.#underWay.size === 0) return Promise.resolve();
    return new Promise((resolve) => {
      const cancel = this.#options.clock.after(ms, resolve);
      void Promise.allSettled([...this.#underWay]).then(() => {
        cancel();
        resolve();
      });
    });
  }

  async #handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { connections } = this.#options;
    connections.receiving(request.socket);
    const { status, text } = await this.#answer(request, response);
    connections.answering(request.socket);
    // The rest of a body that nobody reads would stand before the next request.
    const isLast = this.#isDraining || !request.complete;
    response.writeHead(status, {
      "content-type": status === 200 ? "application/json" : "text/plain; charset=utf-8",
      ...(isLast && { connection: "close" }),
    });
    response.end(text);
    response.once("close", () => connections.answered(request.socket));
    response.once("finish", () => connections.answered(request.socket));
  }

  async #answer(request: IncomingMessage, response: ServerResponse) {
    try {
      const asked = await this.#read(request);
      return { status: 200, text: await this.#review(asked, response) };
    } catch (error) {
      const answer = { status: statusOf(error), text: messageOf(error) };
      if (!(error instanceof Unjudged)) this.#report(request, answer);
      return answer;
    }
  }

  /** Only the API server has to ask here, and it asks for reviews. */
  #report({ socket }: IncomingMessage, { status, text }: { status: number; text: string }): void {
    const { remoteAddress: peer, destroyed: hasGone } = socket;
    if (peer === undefined || hasGone) return;
    const error = new SidegateError("SG4501", text);
    // What is too much is worth a line beside what is no review.
    this.#options.refusals.report(`${peer} ${status}`, error, { peer }, "Refused a request to the webhooks");
  }

  /** @throws Failure, or what `statusOf` knows */
  async #read(request: IncomingMessage): Promise<Asked> {
    const { routes, connections, limits } = this.#options;
    const { pathname: path, searchParams } = new URL(request.url ?? "/", "https://webhook");
    const judge = Object.hasOwn(routes, path) ? routes[path as keyof WebhookRoutes] : undefined;
    if (judge === undefined) throw new Failure(404, `there is no webhook at ${path.slice(0, 100)}`);
    if (request.method !== "POST") throw new Failure(405, "a review is sent with POST");
    const body = await this.#bodies.read(request);
    connections.answering(request.socket);
    const admission = readReview(body);
    const answerMs = Math.min(limits.answerMs, readTimeout(searchParams.get("timeout")) ?? limits.answerMs);
    return { path, admission, judge, answerMs };
  }

  /** The answer to a review. @throws Unjudged where there is none in time, or at all */
  async #review(asked: Asked, response: ServerResponse): Promise<string> {
    const { admission, judge, answerMs } = asked;
    const late = new AbortController();
    const abort = () => late.abort();
    const cancel = this.#options.clock.after(answerMs * IN_TIME, abort);
    response.once("close", abort);
    try {
      const answer = await this.#turns.run(admission.namespace, async () => {
        late.signal.throwIfAborted();
        return judge(admission, late.signal);
      });
      return writeReview(admission.uid, answer);
    } catch (error) {
      throw this.#failed(asked, error, late.signal.aborted);
    } finally {
      cancel();
      response.off("close", abort);
    }
  }

  #failed({ path, admission, answerMs }: Asked, error: unknown, isLate: boolean): Unjudged {
    const { logger } = this.#options;
    const { operation, kind, namespace, name, userInfo } = admission;
    const object = { operation, kind: kind.kind, domain: namespace, object: name };
    const facts = { path, ...object, user: userInfo.username };
    if (isLate) {
      logger.warn({ ...facts, answerMs }, "A review was not answered in time");
      return new Unjudged(504, `the review could not be judged within ${Math.round(answerMs * IN_TIME)} ms`);
    }
    logger.error({ ...facts, err: error }, "A review failed");
    return new Unjudged(500, `the review could not be judged: ${messageOf(error)}`);
  }
}

function statusOf(error: unknown): number {
  if (error instanceof Failure) return error.status;
  if (error instanceof UnreadableReview) return 400;
  if (error instanceof TooLarge) return 413;
  return error instanceof TooMuch ? 503 : 400;
}
