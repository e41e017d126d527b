/**
 * Reads all objects of one resource and follows their changes, after the example of client-go's reflector.
 *
 *   listing   reads pages of 500; each object is put as it comes. The last page ends the list: what an earlier list or
 *             watch had put and this one did not name is removed, then `listed` tells the resourceVersion.
 *   watching  hands on events in order. The server is asked to end the watch after a random 300 to 600 s and to send
 *             bookmarks, which come about once a minute.
 *   waiting   a back-off of 0.8 s to 30 s, doubled and jittered, or as long as Retry-After says if that is longer; then
 *             listing or watching.
 *   stopped   after stop(), or after an error that no retry can mend (SG4001).
 *
 *   listing  -> watching   the list is complete
 *   listing  -> waiting    any failure; the list begins anew, without a continue token
 *   watching -> watching   the server ended the watch in its own time, or news of how far it is are wanted
 *   watching -> waiting    and then watching, from the last resourceVersion seen: the connection broke, was silent for
 *                          3 min, brought garbage, or was refused with 429 or 5xx
 *   watching -> waiting    and then listing: 410 or reason Expired (the resourceVersion is too old), any other refusal,
 *                          a failing sink, or three fruitless watches in a row: without an event and either garbled or
 *                          properly ended within 1 s
 *
 * Only the loop in `#run` moves between states.
 */

import { SidegateError } from "../../engine/errors/sidegate-error.ts";
import { isResourceVersion } from "../../engine/model/position.ts";
import { type Clock, pause } from "../../host/clock.ts";
import { Backoff } from "./backoff.ts";
import type { KubeApi, KubeObject, Resource, WatchEvent } from "./kube-api.ts";
import { isExpired, KubeError, TransportReason } from "./kube-error.ts";
import { SeenNames } from "./seen-names.ts";
import { type WatchOutcome, watchOnce } from "./watch-once.ts";

/** Where a reflector puts what it reads. */
export interface ReflectorSink {
  put(object: KubeObject): void;
  remove(namespace: string, name: string): void;
  /** Everything up to this resourceVersion has been put or removed. */
  progress(resourceVersion: string): void;
  /** A list is complete: the first time means that all there was has been put. */
  listed(resourceVersion: string): void;
}

export interface ReflectorOptions {
  readonly api: KubeApi;
  readonly resource: Resource;
  /** Read this namespace only. Absent: all. */
  readonly namespace?: string | undefined;
  /** Read only what fits it. Absent: all. */
  readonly fieldSelector?: string | undefined;
  readonly sink: ReflectorSink;
  readonly clock: Clock;
  /** Uniform in [0, 1). */
  readonly random: () => number;
  /** Told whether changes are known to arrive: from a list or an open watch on, until something goes wrong. */
  readonly onContact: (isInTouch: boolean) => void;
  /** Told of each failure that is retried, with the state that comes after the wait. */
  readonly onRetry: (error: Error, waitMs: number, next: "listing" | "watching") => void;
  /** Told of the failure that ended everything. */
  readonly onFatal: (error: SidegateError) => void;
  /** Objects in a page. Default 500. */
  readonly pageSize?: number;
  /** A watch without any event, bookmarks included, for this long is given up. Default 180,000 ms. */
  readonly silenceMs?: number;
}

/** Listing, or watching from a resourceVersion; the error led there and asks for a wait first. */
type Step = { readonly from: string | undefined; readonly after?: Error };

const SHORT_WATCH_MS = 1000;
/** The API server sends a bookmark two seconds before it ends a watch, which is a second from now. */
const HURRIED_WATCH_SECONDS = 3;
const FRUITLESS_WATCHES = 3;

export class Reflector {
  readonly #options: ReflectorOptions;
  readonly #stop = new AbortController();
  readonly #seen = new SeenNames();
  readonly #backoff: Backoff;
  #running: Promise<void> | undefined;
  #fruitless = 0;
  #isHurried = false;
  #cutWatch: () => void = () => {};

  constructor(options: ReflectorOptions) {
    this.#options = options;
    this.#backoff = new Backoff({ now: () => options.clock.now(), random: options.random });
  }

  start(): void {
    this.#running ??= this.#run();
  }

  /** Begins a short watch in the place of the present one, which soon brings a bookmark of how things are now. */
  hurry(): void {
    this.#isHurried = true;
    this.#cutWatch();
  }

  /** Resolves when nothing will be put any more. */
  async stop(): Promise<void> {
    this.#stop.abort();
    this.#cutWatch();
    await this.#running;
  }

  async #run(): Promise<void> {
    let step: Step = { from: undefined };
    while (!this.#stop.signal.aborted) {
      step = step.from === undefined ? await this.#list() : await this.#watch(step.from);
      if (this.#stop.signal.aborted || step.after === undefined) continue;
      if (step.after instanceof SidegateError && step.after.code === "SG4001") {
        return this.#options.onFatal(step.after);
      }
      await this.#wait(step.after, step.from === undefined ? "listing" : "watching");
    }
  }

  async #wait(error: Error, next: "listing" | "watching"): Promise<void> {
    const asked = error instanceof KubeError ? (error.retryAfterMs ?? 0) : 0;
    const waitMs = Math.max(this.#backoff.next(), asked);
    this.#options.onContact(false);
    this.#options.onRetry(error, waitMs, next);
    await pause(this.#options.clock, waitMs, this.#stop.signal);
  }

  async #list(): Promise<Step> {
    try {
      return { from: await this.#readList() };
    } catch (error) {
      return { from: undefined, after: asError(error) };
    }
  }

  async #readList(): Promise<string> {
    const { api, resource, namespace, fieldSelector, sink, pageSize: limit = 500 } = this.#options;
    const { signal } = this.#stop;
    this.#seen.begin();
    for (let continueToken: string | undefined; ; ) {
      const page = await api.list(resource, { namespace, fieldSelector, limit, continueToken, signal });
      signal.throwIfAborted();
      this.#requireOrder(page.resourceVersion);
      for (const object of page.items) this.#put(object);
      continueToken = page.continueToken;
      if (continueToken !== undefined) continue;
      for (const vanished of this.#seen.end()) sink.remove(vanished.namespace, vanished.name);
      sink.progress(page.resourceVersion);
      sink.listed(page.resourceVersion);
      this.#options.onContact(true);
      this.#fruitless = 0;
      return page.resourceVersion;
    }
  }

  async #watch(from: string): Promise<Step> {
    const { api, resource, namespace, fieldSelector, clock, random, silenceMs = 180_000 } = this.#options;
    let at = from;
    const cut = new AbortController();
    this.#cutWatch = () => cut.abort();
    const isHurried = this.#isHurried;
    this.#isHurried = false;
    if (isHurried) await this.#refreshServer();
    if (cut.signal.aborted) return { from };
    const timeoutSeconds = isHurried ? HURRIED_WATCH_SECONDS : Math.floor(300 + 300 * random());
    const outcome = await watchOnce({
      api,
      resource,
      namespace,
      fieldSelector,
      resourceVersion: from,
      timeoutSeconds,
      silenceMs,
      clock,
      signal: cut.signal,
      onOpen: () => this.#options.onContact(true),
      onEvent: (event) => {
        at = this.#handle(event);
      },
    });
    return cut.signal.aborted ? { from: at } : this.#afterWatch(at, outcome);
  }

  /**
   * Makes the API server's cache of this kind, by which it answers watches, as new as its storage: of a kind that nobody
   * changes it may be minutes behind, and bookmarks with it. An unlimited list does that; this one brings nothing.
   */
  async #refreshServer(): Promise<void> {
    const { api, resource, namespace, fieldSelector = "metadata.name=none" } = this.#options;
    const { signal } = this.#stop;
    const nothing = { namespace, fieldSelector, limit: 0, signal };
    // What is wrong with the API server shows in the watch that follows.
    await api.list(resource, nothing).catch(() => {});
  }

  #afterWatch(at: string, { events, lastedMs, error }: WatchOutcome): Step {
    const isFruitless = events === 0 && (error === undefined ? lastedMs < SHORT_WATCH_MS : isGarbled(error));
    this.#fruitless = isFruitless ? this.#fruitless + 1 : 0;
    if (this.#fruitless >= FRUITLESS_WATCHES) {
      return { from: undefined, after: asError(error ?? endedAtOnce()) };
    }
    if (error === undefined) return isFruitless ? { from: at, after: endedAtOnce() } : { from: at };
    return { from: isPassing(error) ? at : undefined, after: asError(error) };
  }

  #handle({ type, object }: WatchEvent): string {
    const { sink } = this.#options;
    const resourceVersion = this.#requireOrder(object.metadata.resourceVersion);
    if (type === "DELETED") {
      const { namespace = "", name } = object.metadata;
      this.#seen.delete(namespace, name);
      sink.remove(namespace, name);
    } else if (type !== "BOOKMARK") {
      this.#put(object);
    }
    sink.progress(resourceVersion);
    return resourceVersion;
  }

  #put(object: KubeObject): void {
    const { namespace = "", name } = object.metadata;
    this.#seen.add(namespace, name);
    this.#options.sink.put(object);
  }

  /** @throws SidegateError SG4001 when resourceVersions of this server can not be compared */
  #requireOrder(resourceVersion: unknown): string {
    const { plural } = this.#options.resource;
    if (typeof resourceVersion !== "string" || resourceVersion === "") {
      throw new KubeError(0, TransportReason.Garbled, `${plural}: an object or list has no resourceVersion`);
    }
    if (isResourceVersion(resourceVersion)) return resourceVersion;
    throw new SidegateError("SG4001", `${plural}: the resourceVersion is ${JSON.stringify(resourceVersion)}`);
  }
}

/** Whether the same watch may succeed a little later. */
function isPassing(error: unknown): boolean {
  if (!(error instanceof KubeError) || isExpired(error)) return false;
  return error.status === 0 || error.status === 429 || error.status >= 500;
}

function isGarbled(error: unknown): boolean {
  return error instanceof KubeError && error.reason === TransportReason.Garbled;
}

function endedAtOnce(): KubeError {
  return new KubeError(0, TransportReason.Unreachable, "the watch ended at once without an event");
}

function asError(error: unknown): Error {
  return error instanceof Error ? error : new Error(String(error));
}
