/**
 * Keeps a sidecar connected to an operator.
 *
 * States:
 *   connecting  replicas are looked up, or a session was started; the operator has not answered
 *   streaming   the operator has answered
 *   resting     no session; a timer leads to the next
 *   stopped     for good
 * Transitions: connecting -> streaming with the first message; connecting | streaming -> resting when the session ends;
 * resting -> connecting when the timer fires; any -> stopped by `stop`.
 *
 * Replicas are looked up before each session. The rest grows with each session in a row that was of no use (no policy acknowledged or confirmed, and over within a
 * minute), the time that a replica has to answer with each that was over without an answer. A session that never streamed, or whose replica stops or is behind, makes the next one go to the next address.
 */
import type { Logger } from "pino";
import { messageOf } from "../../engine/errors/message-of.ts";
import { SidegateError } from "../../engine/errors/sidegate-error.ts";
import { DELIVERY_PROTOCOL, deliveryLimits } from "../../engine/model/delivery-limits.ts";
import type { Clock } from "../../host/clock.ts";
import type { LastKnownGood } from "../last-known-good/last-known-good.ts";
import type { LoadPolicy } from "../last-known-good/restore-policy.ts";
import type { Snapshots } from "../snapshot/snapshots.ts";
import type { Verifier } from "../trust/verifier.ts";
import { Addresses } from "./addresses.ts";
import { type BackoffSettings, backoffMs } from "./backoff.ts";
import { DomainSync, type OnDemand } from "./domain-sync.ts";
import { greetingMs } from "./greeting.ts";
import type { ReplicaAddress } from "./resolve-operators.ts";
import { type Connect, Session } from "./session.ts";
import { type ReceiveLimits, ShardReceiver } from "./shard-receiver.ts";

export interface DeliveryClientOptions {
  /** Addresses of the operator's replicas as gRPC takes them. At least one. */
  readonly addresses: readonly string[];
  /** Finds the replicas there are by now. Default: those of `addresses`. */
  readonly resolve?: () => Promise<readonly ReplicaAddress[]>;
  /** A name that no other sidecar has while this process lives. */
  readonly sidecar: string;
  /** The version of this software. */
  readonly version: string;
  /** The policies to keep current; its domains are asked for. */
  readonly snapshots: Snapshots;
  /** Where policies are kept, by domain; none is kept for a domain without. */
  readonly stores: ReadonlyMap<string, LastKnownGood>;
  /** `Policy.load`. */
  readonly load: LoadPolicy;
  /** Where shards of organizations are loaded on demand, so that the operator pushes none. */
  readonly onDemand?: OnDemand | undefined;
  /** Demands signatures. Default: whoever answers at the addresses is believed. */
  readonly verifier?: Verifier | undefined;
  readonly connect: Connect;
  readonly clock: Clock;
  /** A number from 0 up to but not including 1. */
  readonly random: () => number;
  readonly logger: Logger;
  /** Default: from 1 s to 30 s. */
  readonly backoff?: BackoffSettings;
  /** How long a replica may be behind before another is tried, in milliseconds. Default 10000. */
  readonly behindMs?: number;
  /** Default: those of the protocol. */
  readonly limits?: ReceiveLimits;
}

type DeliveryState = "connecting" | "streaming" | "resting" | "stopped";

/** A sidecar's line to the operator. */
export interface DeliveryClient {
  readonly state: DeliveryState;
  /** The address in use or to be used next. */
  readonly address: string;
  /** Why the last session ended. */
  readonly lastError: Error | undefined;
  /** How many policies were refused since the start. */
  readonly refused: number;
  /**
   * Asks the operator for shards of a domain. Resolves with those that it has, each verified. Rejects while there is no
   * session, and when it ends on the way.
   *
   * @param hashes hexadecimal, at most 256
   */
  fetchShards(domain: string, hashes: readonly string[]): Promise<ReadonlyMap<string, Uint8Array>>;
  /** Ends the session; policies stay in use. The operator has to expect that checks are still answered. */
  stop(): void;
  /**
   * Says goodbye and ends the session, after `ms` milliseconds whether the operator has heard it or not. To be called once no
   * check is answered any more: nobody waits then until this sidecar has a change. So what is on disk is given up before,
   * and where that fails, nothing is said.
   */
  leave(ms: number): Promise<void>;
}

/** The replica itself is of no use: it is full, stops, is behind or can not ask the API server. */
const MOVES_ON: ReadonlySet<string> = new Set(["SG2103", "SG2105", "SG2108", "SG2156"]);
/** What somebody has to mend. */
const REFUSALS: ReadonlySet<string> = new Set(["SG2151", "SG2152", "SG2153", "SG2154", "SG2155"]);

/** A session that lived so long was of use, even if there was nothing to deliver. In milliseconds. */
const LONG_SESSION_MS = 60_000;

/** Starts to follow the operator. Returns at once; failures are logged and tried again for ever. */
export function startDeliveryClient(options: DeliveryClientOptions): DeliveryClient {
  const client = new Client(options);
  client.connect();
  return client;
}

class Client implements DeliveryClient {
  readonly #options: DeliveryClientOptions;
  readonly #addresses: Addresses;
  readonly #domains: ReadonlyMap<string, DomainSync>;
  #session: Session | undefined;
  #resolving = false;
  #startedAt = 0;
  #failures = 0;
  /** Sessions in a row, but for addresses that can not be reached, which a replica left without an answer. */
  #unanswered = 0;
  #cancelRest: () => void = () => {};
  #stopped = false;
  lastError: Error | undefined;

  constructor(options: DeliveryClientOptions) {
    const { snapshots, stores, load, verifier, onDemand, logger, limits = deliveryLimits } = options;
    this.#options = options;
    const given = options.addresses.map((address) => ({ address }));
    this.#addresses = new Addresses(given, options.random);
    this.#domains = new Map(
      [...snapshots.domains()].map((domain) => {
        const store = stores.get(domain);
        const options = { domain, snapshots, store, load, verifier, limits, logger, onDemand };
        return [domain, new DomainSync(options)];
      }),
    );
  }

  get state(): DeliveryState {
    if (this.#stopped) return "stopped";
    if (this.#resolving) return "connecting";
    if (this.#session === undefined) return "resting";
    return this.#session.streaming ? "streaming" : "connecting";
  }

  get address(): string {
    return this.#addresses.current.address;
  }

  get refused(): number {
    return [...this.#domains.values()].reduce((sum, domain) => sum + domain.refused, 0);
  }

  connect(): void {
    const { resolve } = this.#options;
    if (resolve === undefined) {
      this.#open();
      return;
    }
    this.#resolving = true;
    resolve().then(
      (replicas) => {
        this.#resolving = false;
        if (this.#stopped) return;
        this.#addresses.update(replicas);
        this.#open();
      },
      (error) => {
        this.#resolving = false;
        this.#ended(error);
      },
    );
  }

  #open(): void {
    const { sidecar, version, connect, clock, random, logger, behindMs = 10_000 } = this.#options;
    this.#startedAt = clock.now();
    this.#session = new Session({
      replica: this.#addresses.current,
      hello: { protocol: DELIVERY_PROTOCOL, sidecar, version },
      domains: this.#domains,
      connect,
      clock,
      logger,
      greetingMs: greetingMs(this.#unanswered, random()),
      behindMs: this.#addresses.size > 1 ? behindMs : Infinity,
      onUseful: () => {
        this.#failures = 0;
        this.#addresses.settle();
      },
      onEnd: (error) => this.#ended(error),
    });
  }

  async fetchShards(domain: string, hashes: readonly string[]): Promise<ReadonlyMap<string, Uint8Array>> {
    const digests = hashes.map((hash) => Buffer.from(hash, "hex"));
    const chunks = this.#session?.fetch(domain, digests);
    if (chunks === undefined) throw new Error("there is no connection to the operator");
    const receiver = new ShardReceiver(this.#options.limits ?? deliveryLimits);
    for await (const chunk of chunks) receiver.take(chunk);
    const shards = new Map<string, Uint8Array>();
    for (const hash of hashes) {
      const bytes = receiver.get(hash);
      if (bytes !== undefined) shards.set(hash, bytes);
    }
    return shards;
  }

  async leave(ms: number): Promise<void> {
    this.#stopped = true;
    const session = this.#session;
    if (session !== undefined) {
      const cancel = this.#options.clock.after(ms, () => session.close());
      if (await this.#giveUp(session)) await session.leave();
      cancel();
    }
    this.stop();
  }

  stop(): void {
    this.#stopped = true;
    this.#cancelRest();
    this.#session?.close();
    this.#session = undefined;
  }

  /** Whether no process after this one decides by what this one had. */
  async #giveUp(session: Session): Promise<boolean> {
    if (!session.streaming) return false;
    const stores = [...this.#options.stores.values()];
    return (await Promise.all(stores.map((store) => store.giveUp()))).every((isDone) => isDone);
  }

  #ended(error: Error): void {
    const { clock, random, logger, backoff = { baseMs: 1_000, maxMs: 30_000 } } = this.#options;
    const streamed = this.#session?.streaming ?? false;
    this.#session = undefined;
    if (this.#stopped) return;
    this.lastError = error;
    if (clock.now() - this.#startedAt >= LONG_SESSION_MS) this.#failures = 0;
    // Every address gets its turn before the rest grows.
    const restMs = backoffMs(Math.floor(this.#failures / this.#addresses.size), random(), backoff);
    this.#failures++;
    // Stacks would say nothing more, and a night without operator has thousands of tries.
    const code = codeOf(error) ?? "";
    if (streamed) this.#unanswered = 0;
    else if (code === "SG2107") this.#unanswered++;
    const facts = {
      address: this.address,
      restMs: Math.round(restMs),
      ...(code !== "" && { code }),
      error: messageOf(error),
    };
    if (REFUSALS.has(code)) logger.error(facts, "The operator refuses this sidecar");
    else logger.warn(facts, "Lost the operator");
    if (!streamed || MOVES_ON.has(code)) this.#addresses.moveOn();
    this.#cancelRest = clock.after(restMs, () => this.connect());
  }
}

/** The registered code of an error; what the operator says begins with it. */
function codeOf(error: Error): string | undefined {
  if (error instanceof SidegateError) return error.code;
  return /^\d+ [A-Z_]+: (SG\d{4}):/.exec(error.message)?.[1];
}
