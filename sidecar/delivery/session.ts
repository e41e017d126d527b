/**
 * One delivery stream, from Hello to its end.
 *
 * States: greeting (Hello was sent, nothing came back), streaming (the operator has answered), ended.
 * A tick every heartbeat interval moves it: it sends a heartbeat, and ends the session after three ticks in a row without
 * a message. While it is greeting, ticks are a part of the time that the replica has to answer, and never longer apart than
 * afterwards. Where there is another replica, it also ends once this one was behind, or called a policy in use current no more, for
 * too long: a replica that is cut off from the API server keeps its streams. Ticks rather than a deadline, because a process that
 * could not run for a minute must read what has come in meanwhile before it says that nothing came.
 */
import type { Logger } from "pino";
import { SidegateError } from "../../engine/errors/sidegate-error.ts";
import type { Clock } from "../../host/clock.ts";
import type { Hello, ShardChunk, SyncRequest, SyncResponse } from "../../proto/generated/delivery.js";
import type { Input } from "../../proto/message-type.ts";
import type { DomainSync } from "./domain-sync.ts";
import { broken } from "./read-manifest.ts";
import type { ReplicaAddress } from "./resolve-operators.ts";

/** Once it has answered, until the operator says otherwise, in milliseconds. */
const INTERVAL_MS = 5_000;
const MIN_INTERVAL_MS = 250;
const MAX_INTERVAL_MS = 60_000;
const SILENT_TICKS = 3;
/**
 * After a pause of this process for three heartbeats, and for so long at least, what lies in its buffers is not believed, in
 * milliseconds: it may be as old, and where the operator's clock is ahead its age can not be seen. Until then the operator does
 * not take this sidecar for lost.
 */
const LONG_PAUSE_MS = 15_000;
/** A difference of clocks that is worth a warning, in milliseconds. */
const SKEW_MS = 5_000;

/** The sending side of a stream. */
export interface DeliveryStream {
  send(message: Input<SyncRequest>): void;
  /** Ends the stream; no handler is called after it. */
  close(): void;
  /**
   * Asks for shards beside the stream: yields their chunks, and rejects when the stream ends. Absent: there is no way to.
   *
   * @param hashes as digests
   */
  fetch?(domain: string, hashes: readonly Uint8Array[]): AsyncIterable<ShardChunk>;
}

export interface StreamHandlers {
  message(message: SyncResponse): void;
  /** The stream is over, once. */
  closed(error: Error): void;
}

/**
 * Opens a stream to an address. Must call no handler in the same turn.
 *
 * @param host the name that the address was resolved from, if any
 */
export type Connect = (address: string, handlers: StreamHandlers, host?: string) => DeliveryStream;

export interface SessionOptions {
  readonly replica: ReplicaAddress;
  readonly hello: Omit<Hello, "domains">;
  readonly domains: ReadonlyMap<string, DomainSync>;
  readonly connect: Connect;
  readonly clock: Clock;
  readonly logger: Logger;
  /** Ends the session when the replica has not answered for so long, in milliseconds. */
  readonly greetingMs: number;
  /** Ends the session when the replica was behind for so long, in milliseconds; Infinity where there is no other. */
  readonly behindMs: number;
  /** A policy was acknowledged or confirmed. */
  readonly onUseful: () => void;
  /** The session is over, once; not after `close`. */
  readonly onEnd: (error: Error) => void;
}

export class Session {
  readonly #options: SessionOptions;
  readonly #logger: Logger;
  readonly #stream: DeliveryStream;
  readonly #answering = new Set<string>();
  /** When the replica first said that it is behind, on the monotonic clock. */
  readonly #behind = new Map<string, number>();
  /** When something was last said of a domain that helps, on the monotonic clock. */
  readonly #helped = new Map<string, number>();
  readonly #startedAt: number;
  #interval: number;
  /** Ticks in a row without a message that end the session. */
  #mostSilent: number;
  /** When this process was last seen to run, on the monotonic clock. */
  #ranAt = 0;
  #heard = false;
  #silent = 0;
  #streaming = false;
  #skewed = false;
  #ended = false;
  #onLeft: () => void = () => {};
  #cancelTick: () => void = () => {};

  constructor(options: SessionOptions) {
    this.#options = options;
    this.#startedAt = options.clock.now();
    this.#mostSilent = Math.max(SILENT_TICKS, Math.ceil(options.greetingMs / INTERVAL_MS));
    this.#interval = Math.round(options.greetingMs / this.#mostSilent);
    const { address, host } = options.replica;
    this.#logger = options.logger.child({ address });
    const handlers = {
      message: (message: SyncResponse) => this.#receive(message),
      closed: (error: Error) => this.#end(error),
    };
    this.#stream = options.connect(address, handlers, host);
    const domains = [...options.domains.values()].map((domain) => domain.state());
    this.#stream.send({ hello: { ...options.hello, domains } });
    this.#tickLater();
  }

  /** Whether the operator has answered. */
  get streaming(): boolean {
    return this.#streaming;
  }

  /**
   * Says goodbye, after which this sidecar must answer no check any more. Resolves when the operator has heard it or the
   * session is over.
   */
  leave(): Promise<void> {
    if (this.#ended) return Promise.resolve();
    return new Promise((resolve) => {
      this.#onLeft = resolve;
      this.#stream.send({ goodbye: {} });
    });
  }

  /** Asks the operator for shards; undefined before it has answered. @param hashes as digests */
  fetch(domain: string, hashes: readonly Uint8Array[]): AsyncIterable<ShardChunk> | undefined {
    return this.#streaming && !this.#ended ? this.#stream.fetch?.(domain, hashes) : undefined;
  }

  /** Ends the session without a word to `onEnd`. */
  close(): void {
    if (this.#ended) return;
    this.#ended = true;
    this.#cancelTick();
    this.#stream.close();
    for (const domain of this.#options.domains.values()) domain.interrupt();
    this.#onLeft();
  }

  #end(error: Error): void {
    if (this.#ended) return;
    this.close();
    this.#options.onEnd(error);
  }

  #receive(message: SyncResponse): void {
    if (this.#ended) return;
    const pausedMs = this.#options.clock.now() - this.#ranAt;
    if (pausedMs >= Math.max(LONG_PAUSE_MS, SILENT_TICKS * this.#interval)) {
      this.#end(new SidegateError("SG2107", `this process stood still for ${Math.round(pausedMs)} ms`));
      return;
    }
    this.#heard = true;
    if (!this.#streaming) {
      this.#streaming = true;
      this.#mostSilent = SILENT_TICKS;
      this.#setInterval(INTERVAL_MS);
      this.#logger.info("Connected to the operator");
    }
    try {
      this.#dispatch(message);
    } catch (error) {
      this.#end(error as Error);
    }
  }

  #dispatch(message: SyncResponse): void {
    const { chunk, commit, progress, behind, heartbeat } = message;
    if (chunk) {
      this.#domain(chunk.domain).chunk(chunk);
      this.#helps(chunk.domain);
    } else if (commit) this.#commit(this.#domain(commit.policy?.domain ?? ""), commit);
    else if (progress) this.#progress(this.#domain(progress.domain), progress);
    else if (behind) this.#isBehind(this.#domain(behind.domain));
    else if (heartbeat) this.#setInterval(heartbeat.intervalMs);
    // Else it is of a later version of the protocol and says at least that the operator lives.
  }

  #commit(domain: DomainSync, commit: NonNullable<SyncResponse["commit"]>): void {
    if (this.#answering.has(domain.domain)) throw broken("a Commit came before the last one was answered");
    this.#answering.add(domain.domain);
    this.#helps(domain.domain);
    this.#behind.delete(domain.domain);
    void domain.commit(commit).then((reply) => {
      this.#answering.delete(domain.domain);
      if (this.#ended) return;
      this.#stream.send(reply);
      if ("ack" in reply) this.#options.onUseful();
    });
  }

  #progress(domain: DomainSync, progress: NonNullable<SyncResponse["progress"]>): void {
    this.#behind.delete(domain.domain);
    this.#compareClocks(progress.issuedAt);
    if (domain.progress(progress)) {
      this.#helps(domain.domain);
      this.#options.onUseful();
    } else {
      const facts = { domain: domain.domain, revision: progress.revision };
      this.#logger.debug(facts, "Ignored progress of a policy that is not in use or lies behind");
    }
  }

  #helps(domain: string): void {
    this.#helped.set(domain, this.#options.clock.now());
  }

  #isBehind(domain: DomainSync): void {
    if (this.#behind.has(domain.domain)) return;
    this.#behind.set(domain.domain, this.#options.clock.now());
    this.#logger.warn({ domain: domain.domain }, "The operator's replica is behind the policy in use");
  }

  #setInterval(ms: number): void {
    const interval = Math.min(MAX_INTERVAL_MS, Math.max(MIN_INTERVAL_MS, ms));
    if (interval === this.#interval) return;
    this.#interval = interval;
    this.#tickLater();
  }

  #tickLater(): void {
    this.#ranAt = this.#options.clock.now();
    this.#cancelTick();
    this.#cancelTick = this.#options.clock.after(this.#interval, () => this.#tick());
  }

  #tick(): void {
    this.#silent = this.#heard ? 0 : this.#silent + 1;
    this.#heard = false;
    const trouble = this.#trouble();
    if (trouble !== undefined) {
      this.#end(trouble);
      return;
    }
    if (this.#streaming) this.#stream.send({ heartbeat: {} });
    this.#tickLater();
  }

  #trouble(): SidegateError | undefined {
    if (this.#silent >= this.#mostSilent) {
      return new SidegateError(
        "SG2107",
        `no message for ${Math.round(this.#mostSilent * this.#interval)} ms`,
      );
    }
    const now = this.#options.clock.now();
    for (const [domain, since] of this.#behind) {
      if (now - since >= this.#options.behindMs) return new SidegateError("SG2108", `domain "${domain}"`);
    }
    for (const [name, domain] of this.#options.domains) {
      const quietMs = now - (this.#helped.get(name) ?? this.#startedAt);
      if (quietMs >= this.#mostQuietMs(domain))
        return new SidegateError(
          "SG2108",
          `domain "${name}" was not confirmed for ${Math.round(quietMs)} ms`,
        );
    }
    return undefined;
  }

  /** Another replica may know better while there is time left until the policy is too old. Without one nobody does. */
  #mostQuietMs(domain: DomainSync): number {
    return Math.max(this.#options.behindMs, (domain.boundMs ?? Infinity) / 2);
  }

  /** Only for messages that are sent as soon as they are issued. */
  #compareClocks(issuedAt: number): void {
    const differenceMs = this.#options.clock.wallTime() - issuedAt;
    if (this.#skewed || Math.abs(differenceMs) < SKEW_MS) return;
    this.#skewed = true;
    this.#logger.warn(
      { differenceMs },
      "The operator's clock differs from this machine's, or its messages lag",
    );
  }

  #domain(name: string): DomainSync {
    const domain = this.#options.domains.get(name);
    if (domain === undefined) throw broken(`domain "${name}" was not asked for`);
    return domain;
  }
}
