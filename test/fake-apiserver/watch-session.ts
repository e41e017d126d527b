import type { Api } from "./api.ts";
import { failure, type Status } from "./api-error.ts";
import { asSeen } from "./event-spelling.ts";
import type { JsonObject } from "./json.ts";
import type { KubeObject } from "./kube-object.ts";
import { printTable, wantsTable } from "./printed-table.ts";
import type { ApiRequest } from "./request.ts";
import { apiVersionOf } from "./resource-type.ts";
import { type Change, CompactedError } from "./store.ts";
import type { WatchOptions } from "./watch-options.ts";

/** Where a watch writes to: one HTTP response. */
export interface WatchSink {
  write(chunk: string | Uint8Array): void;
  end(): void;
}

/**
 * One open watch.
 *
 * States: replaying (the present state or the missed changes, at once, in the constructor), live, closed. A silent
 * watch is live but says nothing for the rest of its life, like a connection whose packets are lost; it does not even
 * end. The server, the deadline of the client, an ERROR event or the client's leaving close it.
 */
export class WatchSession {
  readonly request: ApiRequest;
  readonly #api: Api;
  readonly #options: WatchOptions;
  readonly #sink: WatchSink;
  readonly #prefix: string;
  readonly #timers: NodeJS.Timeout[] = [];
  #unsubscribe: () => void = () => {};
  #silent: boolean;
  #closed = false;
  #hasColumns = false;
  /** Off: no periodic bookmarks and none before the deadline. */
  bookmarks = true;

  constructor(
    api: Api,
    request: ApiRequest,
    options: WatchOptions,
    sink: WatchSink,
    settings: { readonly bookmarkIntervalMs: number; readonly silent: boolean },
  ) {
    this.#api = api;
    this.request = request;
    this.#options = options;
    this.#sink = sink;
    this.#prefix = request.namespace === undefined ? "" : `${request.namespace}/`;
    this.#silent = settings.silent;
    try {
      this.#replay();
    } catch (error) {
      if (!(error instanceof CompactedError)) throw error;
      this.fail(failure(410, "Expired", `too old resource version: ${options.since} (${error.oldest})`));
      return;
    }
    this.#unsubscribe = api.store.subscribe((change) => this.#onChange(change));
    this.#schedule(settings.bookmarkIntervalMs);
  }

  /** From now on nothing is sent, and the watch does not end by itself. */
  silence(): void {
    this.#silent = true;
  }

  /** Sends an ERROR event and ends the watch. */
  fail(status: Status): void {
    this.#send("ERROR", status);
    this.close();
  }

  /** Sends a BOOKMARK with the present revision, if the client asked for bookmarks. */
  bookmark(annotations?: Record<string, string>): void {
    if (!this.#options.bookmarks) return;
    const metadata = {
      resourceVersion: String(this.#api.store.revision),
      ...(annotations && { annotations }),
    };
    const { type } = this.request;
    this.#send("BOOKMARK", { apiVersion: apiVersionOf(type), kind: type.kind, metadata });
  }

  /** Writes bytes into the stream that are no event. */
  writeRaw(bytes: string | Uint8Array): void {
    if (!this.#closed) this.#sink.write(bytes);
  }

  /** Ends the stream in good order, unless it is silent. */
  close(): void {
    if (this.#closed || this.#silent) return;
    this.detach();
    this.#sink.end();
  }

  /** Stops without ending the stream: the connection is gone. */
  detach(): void {
    this.#closed = true;
    this.#unsubscribe();
    for (const timer of this.#timers) clearTimeout(timer);
  }

  #replay(): void {
    const { since } = this.#options;
    if (since !== undefined) {
      for (const change of this.#api.store.since(since)) this.#onChange(change);
      return;
    }
    const { store } = this.#api;
    for (const [key, object] of store.scan(this.request.type.storage, store.revision, this.#prefix)) {
      if (!key.startsWith(this.#prefix)) break;
      if (this.#selects(object)) this.#sendObject("ADDED", object);
    }
    if (this.#options.marksInitialEvents) this.bookmark({ "k8s.io/initial-events-end": "true" });
  }

  #schedule(bookmarkIntervalMs: number): void {
    const periodic = setInterval(() => this.bookmarks && this.bookmark(), bookmarkIntervalMs);
    this.#timers.push(periodic);
    const { timeoutSeconds } = this.#options;
    if (timeoutSeconds === undefined) return;
    const milliseconds = Math.min(timeoutSeconds * 1000, 2 ** 31 - 1);
    // The real server sends the last bookmark two seconds before it ends the watch.
    const last = setTimeout(() => this.bookmarks && this.bookmark(), Math.max(0, milliseconds - 2000));
    this.#timers.push(
      last,
      setTimeout(() => this.close(), milliseconds),
    );
  }

  #onChange(change: Change): void {
    if (change.storage !== this.request.type.storage || !change.key.startsWith(this.#prefix)) return;
    // A watch from a revision that is still to come says nothing before it is reached.
    if (change.revision <= (this.#options.since ?? 0)) return;
    const before = change.previous !== undefined && this.#selects(change.previous);
    const after = !change.deleted && this.#selects(change.object);
    if (after) this.#sendObject(before ? "MODIFIED" : "ADDED", change.object);
    else if (before) this.#sendObject("DELETED", lastSeen(change));
  }

  #selects(object: KubeObject): boolean {
    return this.#options.select?.(asSeen(this.request.type, object)) ?? true;
  }

  #sendObject(type: string, object: KubeObject): void {
    const seen = asSeen(this.request.type, object);
    this.#send(type, wantsTable(this.request.accept) ? this.#print(seen) : seen);
  }

  /** A table of one row; only the first one names the columns. */
  #print(object: KubeObject): JsonObject {
    const withColumns = !this.#hasColumns;
    this.#hasColumns = true;
    const metadata = { resourceVersion: object.metadata.resourceVersion };
    return printTable(this.request.type, [object], metadata, this.#api.now(), { withColumns });
  }

  #send(type: string, object: JsonObject): void {
    if (this.#closed || this.#silent) return;
    this.#sink.write(`${JSON.stringify({ type, object })}\n`);
  }
}

/** What a watch sees go: the state that it saw last, with the revision at which it went. */
function lastSeen(change: Change): KubeObject {
  const previous = change.previous as KubeObject;
  if (change.deleted) return change.object;
  const metadata = { ...previous.metadata, resourceVersion: String(change.revision) };
  return { ...previous, metadata };
}
