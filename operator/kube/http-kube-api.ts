import type { Dispatcher } from "undici";
import { type Call, HttpTransport, type HttpTransportOptions } from "./http-transport.ts";
import type { KubeApi, KubeObject, WatchEvent } from "./kube-api.ts";
import { garbled, readEvent, readObject, readPage } from "./read-answer.ts";
import { readLines } from "./read-lines.ts";
import { applyPath, listPath, resourcePath, watchPath } from "./request-path.ts";

export interface HttpKubeApiOptions extends HttpTransportOptions {
  /** Deadline of a list page, in milliseconds. Default 60,000. */
  readonly listDeadlineMs?: number;
  /** Deadline of any other request and of a watch's first answer, in milliseconds. Default 15,000. */
  readonly deadlineMs?: number;
  /** Bytes of one watch event; etcd holds objects of 1.5 MiB by default. Default 16 MiB. */
  readonly maxEventBytes?: number;
}

/** `KubeApi` over HTTP. */
export function createHttpKubeApi(options: HttpKubeApiOptions): KubeApi {
  const { listDeadlineMs = 60_000, deadlineMs = 15_000, maxEventBytes = 16 * 1024 * 1024 } = options;
  const http = new HttpTransport(options);
  const object = async (call: Call): Promise<KubeObject> => readObject(await http.json(call), call.path);

  return {
    async list(resource, { signal, ...range }) {
      const path = listPath(resource, range);
      return readPage(await http.json({ method: "GET", path, deadlineMs: listDeadlineMs, signal }), path);
    },

    async watch(resource, { signal, onOpen, ...range }, onEvent) {
      const path = watchPath(resource, range);
      await http.exchange({ method: "GET", path, deadlineMs, signal }, async ({ body }, lift) => {
        lift();
        onOpen?.();
        await readEvents(body, path, maxEventBytes, onEvent);
      });
    },

    get: (resource, namespace, name) =>
      object({ method: "GET", path: resourcePath(resource, namespace, name), deadlineMs }),

    async create(resource, namespace, body) {
      const path = resourcePath(resource, namespace);
      const created = await http.json({ method: "POST", path, body, deadlineMs });
      return readObject(created, path, body.metadata.name !== "");
    },

    apply: (resource, body, how) =>
      object({
        method: "PATCH",
        path: applyPath(resource, body.metadata, how),
        // JSON is YAML.
        contentType: "application/apply-patch+yaml",
        body,
        deadlineMs,
      }),

    mergePatch: (resource, namespace, name, body) =>
      object({
        method: "PATCH",
        path: resourcePath(resource, namespace, name),
        contentType: "application/merge-patch+json",
        body,
        deadlineMs,
      }),

    async delete(resource, namespace, name, preconditions) {
      const body = { apiVersion: "v1", kind: "DeleteOptions", ...(preconditions && { preconditions }) };
      await http.json({ method: "DELETE", path: resourcePath(resource, namespace, name), body, deadlineMs });
    },
  };
}

/** Hands on the events of a watch until the server ends it. */
async function readEvents(
  body: Dispatcher.ResponseData["body"],
  path: string,
  maxBytes: number,
  onEvent: (event: WatchEvent) => void,
): Promise<void> {
  try {
    await readLines(body, maxBytes, (line) => onEvent(readEvent(line, path)));
  } catch (error) {
    // The rest of the watch would keep the connection.
    body.destroy();
    throw error instanceof RangeError ? garbled(path, error.message) : error;
  }
}
