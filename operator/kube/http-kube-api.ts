import { type Dispatcher, request as send } from "undici";
import { messageOf } from "../../engine/errors/message-of.ts";
import { SidegateError } from "../../engine/errors/sidegate-error.ts";
import type { Clock } from "../../host/clock.ts";
import type { Credentials } from "./credentials.ts";
import type { KubeApi, KubeObject, Resource, WatchEvent } from "./kube-api.ts";
import { KubeError, TransportReason } from "./kube-error.ts";
import { readLines } from "./read-lines.ts";
import { readStatus } from "./read-status.ts";

export interface HttpKubeApiOptions {
  readonly credentials: Credentials;
  readonly clock: Clock;
  /** Once it is aborted, requests under way are, and all further ones fail. */
  readonly signal?: AbortSignal;
  /** Deadline of a list page, in milliseconds. Default 60,000. */
  readonly listDeadlineMs?: number;
  /** Deadline of any other request and of a watch's first answer, in milliseconds. Default 15,000. */
  readonly deadlineMs?: number;
  /** Bytes of one watch event; etcd holds objects of 1.5 MiB by default. Default 16 MiB. */
  readonly maxEventBytes?: number;
}

interface Call {
  readonly method: "GET" | "POST" | "PATCH" | "DELETE";
  readonly path: string;
  readonly body?: object;
  readonly contentType?: string;
  readonly deadlineMs: number;
  readonly signal?: AbortSignal;
}

/** `KubeApi` over HTTP. */
export function createHttpKubeApi(options: HttpKubeApiOptions): KubeApi {
  const { credentials, clock } = options;
  const { listDeadlineMs = 60_000, deadlineMs = 15_000, maxEventBytes = 16 * 1024 * 1024 } = options;

  /** Sends a request and hands the answer to `read` under the same deadline, which `read` may lift. */
  async function exchange<T>(
    call: Call,
    read: (answer: Dispatcher.ResponseData, lift: () => void) => Promise<T>,
  ): Promise<T> {
    const abort = new AbortController();
    let late = false;
    const lift = clock.after(call.deadlineMs, () => {
      late = true;
      abort.abort();
    });
    const onAbort = () => abort.abort();
    const signals = [options.signal, call.signal];
    for (const signal of signals) signal?.addEventListener("abort", onAbort);
    try {
      for (const signal of signals) signal?.throwIfAborted();
      const answer = await sendAuthenticated(call, abort.signal);
      if (answer.statusCode >= 300)
        throw readStatus(answer.statusCode, answer.headers, await answer.body.text());
      return await read(answer, lift);
    } catch (error) {
      if (error instanceof KubeError || error instanceof SidegateError) throw error;
      const what = `${call.method} ${call.path}`;
      if (late) {
        throw new KubeError(0, TransportReason.Deadline, `${what}: no answer within ${call.deadlineMs} ms`);
      }
      throw new KubeError(0, TransportReason.Unreachable, `${what}: ${messageOf(error)}`, undefined, {
        cause: error,
      });
    } finally {
      lift();
      for (const signal of signals) signal?.removeEventListener("abort", onAbort);
    }
  }

  async function sendAuthenticated(call: Call, signal: AbortSignal): Promise<Dispatcher.ResponseData> {
    for (let attempt = 1; ; attempt++) {
      const { server, headers, dispatcher } = await credentials.access();
      const answer = await send(server + call.path, {
        method: call.method,
        dispatcher,
        signal,
        headers: {
          ...headers,
          accept: "application/json",
          "user-agent": "sidegate-operator",
          ...(call.body === undefined ? {} : { "content-type": call.contentType ?? "application/json" }),
        },
        body: call.body === undefined ? null : JSON.stringify(call.body),
      });
      // A token or certificate may have been rotated since it was read.
      if (answer.statusCode !== 401 || attempt > 1) return answer;
      await answer.body.dump();
      credentials.renew();
    }
  }

  async function json(call: Call): Promise<Record<string, unknown>> {
    return exchange(call, async (answer) => parse(await answer.body.text(), call.path));
  }

  async function object(call: Call): Promise<KubeObject> {
    return asObject(await json(call), call.path);
  }

  return {
    async list(resource, { namespace, fieldSelector, limit, continueToken, signal }) {
      const query = new URLSearchParams({ limit: String(limit) });
      if (fieldSelector !== undefined) query.set("fieldSelector", fieldSelector);
      if (continueToken !== undefined) query.set("continue", continueToken);
      const path = `${pathOf(resource, namespace)}?${query}`;
      const list = await json({ method: "GET", path, deadlineMs: listDeadlineMs, signal });
      const metadata = list.metadata as { resourceVersion?: unknown; continue?: unknown } | undefined;
      if (!Array.isArray(list.items) || typeof metadata?.resourceVersion !== "string") {
        throw garbled(path, "the answer is not a list");
      }
      return {
        items: list.items.map((item) => asObject(item, path)),
        resourceVersion: metadata.resourceVersion,
        continueToken:
          typeof metadata.continue === "string" && metadata.continue !== "" ? metadata.continue : undefined,
      };
    },

    async watch(resource, options, onEvent) {
      const { namespace, fieldSelector, resourceVersion, timeoutSeconds, signal, onOpen } = options;
      const query = new URLSearchParams({
        watch: "true",
        allowWatchBookmarks: "true",
        resourceVersion,
        timeoutSeconds: String(timeoutSeconds),
      });
      if (fieldSelector !== undefined) query.set("fieldSelector", fieldSelector);
      const path = `${pathOf(resource, namespace)}?${query}`;
      await exchange({ method: "GET", path, deadlineMs, signal }, async (answer, lift) => {
        lift();
        onOpen?.();
        try {
          await readLines(answer.body, maxEventBytes, (line) => onEvent(parseEvent(line, path)));
        } catch (error) {
          answer.body.destroy();
          throw error instanceof RangeError ? garbled(path, error.message) : error;
        }
      });
    },

    get: (resource, namespace, name) =>
      object({ method: "GET", path: pathOf(resource, namespace, name), deadlineMs }),

    async create(resource, namespace, body) {
      const path = pathOf(resource, namespace);
      const created = await json({ method: "POST", path, body, deadlineMs });
      return asObject(created, path, body.metadata.name !== "");
    },

    apply(resource, body, { fieldManager, subresource }) {
      const { namespace, name } = body.metadata;
      const path = pathOf(resource, namespace, name) + (subresource === undefined ? "" : `/${subresource}`);
      const query = new URLSearchParams({ fieldManager, force: "true" });
      return object({
        method: "PATCH",
        path: `${path}?${query}`,
        // JSON is YAML.
        contentType: "application/apply-patch+yaml",
        body,
        deadlineMs,
      });
    },

    mergePatch: (resource, namespace, name, body) =>
      object({
        method: "PATCH",
        path: pathOf(resource, namespace, name),
        contentType: "application/merge-patch+json",
        body,
        deadlineMs,
      }),

    async delete(resource, namespace, name, preconditions) {
      const body = { apiVersion: "v1", kind: "DeleteOptions", ...(preconditions && { preconditions }) };
      await json({ method: "DELETE", path: pathOf(resource, namespace, name), body, deadlineMs });
    },
  };
}

function pathOf({ group, version, plural }: Resource, namespace: string | undefined, name?: string): string {
  const root = group === "" ? `/api/${version}` : `/apis/${group}/${version}`;
  const within = namespace === undefined ? "" : `/namespaces/${encodeURIComponent(namespace)}`;
  return `${root}${within}/${plural}${name === undefined ? "" : `/${encodeURIComponent(name)}`}`;
}

function parse(text: string, path: string): Record<string, unknown> {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw garbled(path, messageOf(error));
  }
  if (typeof value !== "object" || value === null) throw garbled(path, "the answer is not an object");
  return value as Record<string, unknown>;
}

function parseEvent(line: string, path: string): WatchEvent {
  const { type, object } = parse(line, path);
  switch (type) {
    case "ADDED":
    case "MODIFIED":
    case "DELETED":
      return { type, object: asObject(object, path) };
    case "BOOKMARK":
      // A bookmark's object has nothing but a resourceVersion.
      return { type, object: asObject(object, path, false) };
    case "ERROR":
      throw readStatus(0, {}, JSON.stringify(object ?? {}));
    default:
      throw garbled(path, "an event is of no known type");
  }
}

function asObject(value: unknown, path: string, named = true): KubeObject {
  const metadata = (value as { metadata?: { name?: unknown } } | null | undefined)?.metadata;
  if (typeof metadata !== "object" || metadata === null || (named && typeof metadata.name !== "string")) {
    throw garbled(path, "an object has no name");
  }
  return value as KubeObject;
}

function garbled(path: string, what: string): KubeError {
  return new KubeError(0, TransportReason.Garbled, `${path}: ${what}`);
}
