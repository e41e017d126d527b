/**
 * The policies of some domains, as an operator has them: in memory, and on disk as the last known good.
 *
 * States: opened (the directory is taken), following (what was kept is restored, the operator is asked), left (it has been
 * told goodbye), closed. They are passed through in this order; `close` may come at once after `open`.
 */
import type { Logger } from "pino";
import { Policy } from "../engine/policy/policy.ts";
import type { Clock } from "../host/clock.ts";
import { type DeliveryClient, startDeliveryClient } from "./delivery/delivery-client.ts";
import { grpcConnect } from "./delivery/grpc-connect.ts";
import type { OperatorAccess } from "./delivery/operator-access.ts";
import { OperatorResolver } from "./delivery/resolve-operators.ts";
import type { Connect } from "./delivery/session.ts";
import { openPolicyDirectory, type PolicyDirectory } from "./last-known-good/policy-directory.ts";
import { restorePolicy } from "./last-known-good/restore-policy.ts";
import type { FetchShards } from "./shards/batched-fetch.ts";
import { type ShardsOnDemand, startShardsOnDemand } from "./shards/shards-on-demand.ts";
import { Snapshots } from "./snapshot/snapshots.ts";
import { createVerifier, type TrustedKeys } from "./trust/verifier.ts";

export interface FollowerOptions {
  /** The domains to serve. At least one. */
  readonly domains: readonly string[];
  /** Where the operator's replicas are: "HOST:PORT", of which all addresses are taken, or "unix:PATH". At least one. */
  readonly operators: readonly string[];
  /** How the operator is known and who this sidecar is. Default: plain text, for loopback and sockets. */
  readonly access?: OperatorAccess | undefined;
  /** The keys that may sign policies; without: whoever answers at the addresses is believed, and what is on disk. */
  readonly policyKeys?: PolicyKeys | undefined;
  /** Where to keep the last known good policies; without: nowhere. */
  readonly directory?: string | undefined;
  /**
   * How many bytes of organizations' shards may stay in memory, so that the others are loaded when they are asked about;
   * without: all are in memory.
   */
  readonly shardMemory?: number | undefined;
  /** A name that no other sidecar has while this process lives. */
  readonly name: string;
  /** The version of this software. */
  readonly version: string;
  readonly clock: Clock;
  /** A number from 0 up to but not including 1. */
  readonly random: () => number;
  readonly logger: Logger;
  /** Default: gRPC. */
  readonly connect?: Connect | undefined;
}

/** The keys that may sign policies, as they stand at each instant. */
export interface PolicyKeys extends TrustedKeys {
  /** Whether there have been any yet. */
  readonly isKnown: boolean;
}

const NOTHING_KEPT: PolicyDirectory = { stores: new Map(), close: async () => {} };

export class Follower {
  readonly snapshots: Snapshots;
  readonly #options: FollowerOptions;
  readonly #kept: PolicyDirectory;
  #delivery: DeliveryClient | undefined;
  #shards: ShardsOnDemand | undefined;

  /** Takes the directory. Rejects with SG2203 when another process has it. */
  static async open(options: FollowerOptions): Promise<Follower> {
    const { directory } = options;
    const isPartial = options.shardMemory !== undefined;
    const kept =
      directory === undefined
        ? NOTHING_KEPT
        : await openPolicyDirectory({ ...options, directory, isPartial });
    return new Follower(options, kept);
  }

  private constructor(options: FollowerOptions, kept: PolicyDirectory) {
    this.snapshots = new Snapshots(options);
    this.#options = options;
    this.#kept = kept;
  }

  /** The line to the operator; undefined before `follow`. */
  get delivery(): DeliveryClient | undefined {
    return this.#delivery;
  }

  /** Puts what was kept in use, then asks the operator. Never rejects. */
  async follow(): Promise<DeliveryClient> {
    const { snapshots } = this;
    const { operators, access, policyKeys, name, version, clock, random, logger } = this.#options;
    const { connect = grpcConnect(access) } = this.#options;
    const { stores } = this.#kept;
    const resolver = new OperatorResolver(operators);
    this.#shards = this.#startShards();
    const { load = Policy.load, onDemand } = this.#shards ?? {};
    const verifier = policyKeys && createVerifier(policyKeys);
    // Without any key nothing can be told from a forgery, and nothing is the worse for waiting.
    if (policyKeys?.isKnown !== false)
      for (const store of stores.values())
        await restorePolicy({ store, snapshots, load, verifier, clock, logger });
    this.#delivery = startDeliveryClient({
      addresses: operators,
      resolve: () => resolver.resolve(),
      sidecar: name,
      version,
      snapshots,
      stores,
      load,
      verifier,
      onDemand,
      connect,
      clock,
      random,
      logger,
    });
    return this.#delivery;
  }

  /** Says goodbye to the operator, which may take `ms` milliseconds to hear it. Nothing is delivered any more. */
  async leave(ms: number): Promise<void> {
    await this.#delivery?.leave(ms);
  }

  /** What is done about shards that are not all in memory; undefined before `follow`, and where all are. */
  get shards(): ShardsOnDemand | undefined {
    return this.#shards;
  }

  /** Finishes writing what is to be kept, and lets the directory go. */
  async close(): Promise<void> {
    this.#shards?.stop();
    await this.#kept.close();
  }

  #startShards(): ShardsOnDemand | undefined {
    const { shardMemory: maxBytes, clock, logger } = this.#options;
    if (maxBytes === undefined) return undefined;
    const { snapshots } = this;
    const { stores } = this.#kept;
    const fetch: FetchShards = (domain, hashes) =>
      this.#delivery?.fetchShards(domain, hashes) ??
      Promise.reject(new Error("there is no connection to the operator"));
    return startShardsOnDemand({ maxBytes, stores, fetch, snapshots, clock, logger });
  }
}
