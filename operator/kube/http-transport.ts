import { type Dispatcher, request as send } from "undici";
import { messageOf } from "../../engine/errors/message-of.ts";
import { SidegateError } from "../../engine/errors/sidegate-error.ts";
import type { Clock } from "../../host/clock.ts";
import { TimeLimit } from "../../host/time-limit.ts";
import type { Credentials } from "./credentials.ts";
import { KubeError, TransportReason } from "./kube-error.ts";
import { readJson } from "./read-answer.ts";
import { readStatus } from "./read-status.ts";

export interface HttpTransportOptions {
  readonly credentials: Credentials;
  readonly clock: Clock;
  /** Once it is aborted, requests under way are, and all further ones fail. */
  readonly signal?: AbortSignal | undefined;
}

/** One request to the API server. */
export interface Call {
  readonly method: "GET" | "POST" | "PATCH" | "DELETE";
  /** With its query. */
  readonly path: string;
  readonly body?: object;
  /** Of the body. Default: "application/json". */
  readonly contentType?: string;
  readonly deadlineMs: number;
  readonly signal?: AbortSignal;
}

/** Sends requests, each as whom the credentials say by then and within its deadline. All failures but theirs are `KubeError`s. */
export class HttpTransport {
  readonly #credentials: Credentials;
  readonly #clock: Clock;
  readonly #signal: AbortSignal | undefined;

  constructor({ credentials, clock, signal }: HttpTransportOptions) {
    this.#credentials = credentials;
    this.#clock = clock;
    this.#signal = signal;
  }

  /** Hands an answer to `read` under the same deadline, which `read` may lift. Rejects where it is a refusal. */
  async exchange<T>(
    call: Call,
    read: (answer: Dispatcher.ResponseData, lift: () => void) => Promise<T>,
  ): Promise<T> {
    const limit = new TimeLimit(this.#clock, call.deadlineMs, [this.#signal, call.signal]);
    try {
      limit.signal.throwIfAborted();
      const answer = await this.#sendAuthenticated(call, limit.signal);
      if (answer.statusCode >= 300)
        throw readStatus(answer.statusCode, answer.headers, await answer.body.text());
      return await read(answer, limit.lift);
    } catch (error) {
      throw failureOf(call, error, limit.isOver);
    } finally {
      limit.end();
    }
  }

  /** The object that answers a call. */
  json(call: Call): Promise<Record<string, unknown>> {
    return this.exchange(call, async ({ body }) => readJson(await body.text(), call.path));
  }

  async #sendAuthenticated(call: Call, signal: AbortSignal): Promise<Dispatcher.ResponseData> {
    const answer = await this.#send(call, signal);
    if (answer.statusCode !== 401) return answer;
    // A token or certificate may have been rotated since it was read.
    await answer.body.dump();
    this.#credentials.renew();
    return this.#send(call, signal);
  }

  async #send(
    { method, path, body, contentType = "application/json" }: Call,
    signal: AbortSignal,
  ): Promise<Dispatcher.ResponseData> {
    const { server, headers, dispatcher } = await this.#credentials.access();
    return send(server + path, {
      method,
      dispatcher,
      signal,
      headers: {
        ...headers,
        accept: "application/json",
        "user-agent": "sidegate-operator",
        ...(body !== undefined && { "content-type": contentType }),
      },
      body: body === undefined ? null : JSON.stringify(body),
    });
  }
}

function failureOf({ method, path, deadlineMs }: Call, error: unknown, isLate: boolean): Error {
  if (error instanceof KubeError || error instanceof SidegateError) return error;
  const { Deadline, Unreachable } = TransportReason;
  if (isLate) return new KubeError(0, Deadline, `${method} ${path}: no answer within ${deadlineMs} ms`);
  const message = `${method} ${path}: ${messageOf(error)}`;
  return new KubeError(0, Unreachable, message, undefined, { cause: error });
}
