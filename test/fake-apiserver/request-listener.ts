import type { IncomingMessage, ServerResponse } from "node:http";
import type { Api } from "./api.ts";
import { ApiError, failure, notAcceptable, type Status, unauthorized } from "./api-error.ts";
import { acceptsJson } from "./decode-body.ts";
import { discover } from "./discovery.ts";
import { handleObjects } from "./handle-objects.ts";
import { readBody } from "./http-server.ts";
import { describeOpenApi } from "./openapi.ts";
import { type Reply, statusReply } from "./reply.ts";
import { type ApiRequest, flag, parsePath } from "./request.ts";
import type { RequestFaults, SeenRequest } from "./request-faults.ts";
import { watchOptionsOf } from "./watch-options.ts";
import { WatchSession } from "./watch-session.ts";
import { expiry, type Watches } from "./watches.ts";

/** What the listener works with. */
export interface Server {
  readonly api: Api;
  readonly requests: RequestFaults;
  readonly watches: Watches;
  readonly settings: { readonly token: string | undefined; readonly bookmarkIntervalMs: number };
}

/** Makes the function that answers each HTTP request: faults, authentication, discovery, watches, objects. */
export function requestListener(
  server: Server,
): (request: IncomingMessage, response: ServerResponse) => void {
  return (request, response) => {
    // A connection that goes while its body is read is no error of the server.
    answer(server, request, response).catch(() => response.destroy());
  };
}

async function answer(server: Server, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const url = new URL(request.url ?? "/", "http://server");
  const seen: SeenRequest = {
    method: request.method ?? "GET",
    path: url.pathname,
    query: url.searchParams,
    watch: flag(url.searchParams, "watch"),
  };
  try {
    const body = await readBody(request);
    await wait(server.requests.delayOf(seen), response);
    if (response.destroyed) return;
    const planned = server.requests.take(seen);
    if (planned !== undefined) throw new ApiError(planned);
    authenticate(server, request);
    const { types } = server.api;
    const found = discover(types, seen.path) ?? describeOpenApi(types, seen.path);
    const reply = found ?? onObjects(server, request, response, seen, body);
    if (reply !== undefined) write(response, reply);
  } catch (error) {
    write(response, statusReply(statusOf(error)));
  }
}

/** Waits, but not for a client that has left. */
async function wait(milliseconds: number, response: ServerResponse): Promise<void> {
  if (milliseconds === 0) return;
  await new Promise<void>((resolve) => {
    const timer = setTimeout(resolve, milliseconds);
    response.once("close", () => {
      clearTimeout(timer);
      resolve();
    });
  });
}

function statusOf(error: unknown): Status {
  if (error instanceof ApiError) return error.status;
  const text = error instanceof Error ? (error.stack ?? error.message) : String(error);
  return failure(500, "InternalError", `Internal error occurred: ${text}`);
}

function authenticate(server: Server, request: IncomingMessage): void {
  const { token } = server.settings;
  if (token !== undefined && request.headers.authorization !== `Bearer ${token}`) throw unauthorized();
}

/** Undefined when the answer is a stream that goes on. */
function onObjects(
  server: Server,
  request: IncomingMessage,
  response: ServerResponse,
  seen: SeenRequest,
  body: Buffer,
): Reply | undefined {
  const address = parsePath(server.api.types, seen.path);
  const everywhere = address?.type.namespaced === true && address.namespace === undefined;
  if (address === undefined || (everywhere && seen.method !== "GET"))
    return { code: 404, body: "404 page not found\n" };
  const { headers } = request;
  if (!acceptsJson(headers.accept ?? "")) throw notAcceptable();
  const apiRequest: ApiRequest = {
    ...address,
    method: seen.method,
    query: seen.query,
    userAgent: headers["user-agent"] ?? "",
    contentType: headers["content-type"] ?? "",
    accept: headers.accept ?? "",
    body,
  };
  if (!seen.watch || seen.method !== "GET" || address.name !== undefined)
    return handleObjects(server.api, apiRequest);
  watch(server, apiRequest, response);
  return undefined;
}

function watch(server: Server, request: ApiRequest, response: ServerResponse): void {
  const { api, watches } = server;
  const options = watchOptionsOf(request, api.store.revision);
  response.writeHead(200, { "content-type": "application/json" });
  response.flushHeaders();
  if (watches.takeExpiry()) {
    response.end(`${JSON.stringify({ type: "ERROR", object: expiry() })}\n`);
    return;
  }
  const { bookmarkIntervalMs } = server.settings;
  const session = new WatchSession(api, request, options, response, {
    bookmarkIntervalMs,
    silent: watches.silent,
  });
  watches.add(session);
  response.on("close", () => watches.remove(session));
}

function write(response: ServerResponse, reply: Reply): void {
  const text = typeof reply.body === "string";
  const bytes = Buffer.from(text ? (reply.body as string) : JSON.stringify(reply.body));
  response.writeHead(reply.code, {
    "content-type": text ? "text/plain; charset=utf-8" : "application/json",
    "content-length": bytes.length,
    ...reply.headers,
  });
  response.end(bytes);
}
