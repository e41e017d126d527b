/**
 * The Lease by which this replica says that it lives, renewed every 10 s and good for 30 s. While it is good, the leader
 * waits for this replica before it calls anything effective.
 *
 *   joining   a Lease with a new acquireTime is written, until the leader counts this replica under that time
 *   joined    counted; may give policies to sidecars
 *   lapsed    not renewed for 30 s: the leader may have gone on without this replica. What was read before says nothing
 *             about what counts as effective by now
 *   stopped   the Lease is deleted
 *
 *   joining -> joined   counted, or there is nobody who could call anything effective
 *   joined, joining -> lapsed   30 s after the last renewal that went through was sent
 *   lapsed  -> joining  the API server takes writes again
 *   any -> stopped      stop()
 *
 * The listener is told of joined and lapsed, in the same turn.
 */

import type { Logger } from "pino";
import { type Clock, pause } from "../../host/clock.ts";
import { formatMicroTime, type Lease, leaseResource, newLease } from "../election/lease.ts";
import type { LeaseWatch } from "../election/lease-watch.ts";
import type { KubeApi } from "../kube/kube-api.ts";
import { isAlreadyExists, isNotFound } from "../kube/kube-error.ts";
import { countedIn } from "./counted-replicas.ts";

export interface ReplicaLeaseOptions {
  readonly api: Pick<KubeApi, "create" | "mergePatch" | "delete">;
  readonly namespace: string;
  readonly replica: string;
  /** The name of the leader's Lease. */
  readonly leaderLease: string;
  readonly leases: Pick<LeaseWatch, "get" | "subscribe" | "wrote" | "hasSeen">;
  readonly clock: Clock;
  /** Uniform in [0, 1). */
  readonly random: () => number;
  readonly logger: Logger;
  readonly onState: (state: "joined" | "lapsed") => void;
}

export const REPLICA_LEASE_MS = 30_000;
const RENEW_MS = 10_000;
const RETRY_MS = 2_000;

const PREFIX = "sidegate-replica-";

/** The name of a replica's Lease. */
export function leaseOfReplica(replica: string): string {
  return PREFIX + replica;
}

/** Whose Lease it is; undefined: no replica's. */
export function replicaOfLease(name: string): string | undefined {
  return name.startsWith(PREFIX) ? name.slice(PREFIX.length) : undefined;
}

export class ReplicaLease {
  readonly #options: ReplicaLeaseOptions;
  readonly #name: string;
  readonly #stop = new AbortController();
  #running: Promise<void> | undefined;
  #state: "joining" | "joined" | "lapsed" = "lapsed";
  #acquireTime = "";
  /** The resourceVersion of the write that began this membership. */
  #joinedWith = "0";
  #renewedAt = Number.NEGATIVE_INFINITY;
  #isFailing = false;
  #cancelLapse: () => void = () => {};
  #cancelLook: () => void = () => {};

  constructor(options: ReplicaLeaseOptions) {
    this.#options = options;
    this.#name = leaseOfReplica(options.replica);
  }

  /** Whether this replica may give policies to sidecars. Looks at the clock, since timers may be late. */
  get isJoined(): boolean {
    if (this.#state !== "lapsed" && this.#isOverdue()) this.#lapse();
    return this.#state === "joined";
  }

  start(): void {
    this.#running ??= this.#run();
  }

  /** Deletes the Lease. By then no sidecar may be served any more. */
  async stop(): Promise<void> {
    const { api, namespace, logger } = this.#options;
    this.#stop.abort();
    await this.#running;
    this.#cancelLapse();
    this.#cancelLook();
    if (this.#acquireTime === "") return;
    await api.delete(leaseResource, namespace, this.#name).catch((error: unknown) => {
      if (!isNotFound(error))
        logger.warn({ err: error }, "Deleting the replica's Lease failed; it ends by itself");
    });
  }

  async #run(): Promise<void> {
    const { leases, clock, random } = this.#options;
    const { signal } = this.#stop;
    const unsubscribe = leases.subscribe(() => this.#look());
    while (!signal.aborted) {
      const isRenewed = await this.#renew();
      await pause(clock, isRenewed ? RENEW_MS : RETRY_MS * (1 + random()), signal);
    }
    unsubscribe();
  }

  /** Never rejects. @returns whether it went through */
  async #renew(): Promise<boolean> {
    const { clock, logger, leases } = this.#options;
    const begunAt = clock.now();
    const isJoining = this.#state === "lapsed" || this.#isOverdue();
    const now = formatMicroTime(clock.wallTime());
    const acquireTime = isJoining ? now : this.#acquireTime;
    try {
      const { metadata } = await this.#write(acquireTime, now);
      const { resourceVersion = "0" } = metadata;
      this.#isFailing = false;
      // Lapsed while the request was under way: what it wrote belongs to the membership that is over.
      if (!isJoining && this.#state === "lapsed") return false;
      this.#renewedAt = begunAt;
      leases.wrote(resourceVersion, begunAt);
      if (isJoining) this.#join(acquireTime, resourceVersion);
      this.#cancelLapse();
      this.#cancelLapse = clock.after(begunAt + REPLICA_LEASE_MS - clock.now(), () => this.#lapse());
      return true;
    } catch (error) {
      if (!this.#isFailing)
        logger.warn({ lease: this.#name, err: error }, "Renewing the replica's Lease failed");
      this.#isFailing = true;
      return false;
    }
  }

  async #write(acquireTime: string, renewTime: string): Promise<Lease> {
    const { api, namespace, replica } = this.#options;
    const leaseDurationSeconds = REPLICA_LEASE_MS / 1000;
    const spec = { holderIdentity: replica, leaseDurationSeconds, acquireTime, renewTime };
    for (let attempt = 1; ; attempt++) {
      try {
        return (await api.mergePatch(leaseResource, namespace, this.#name, { spec })) as Lease;
      } catch (error) {
        if (!isNotFound(error)) throw error;
      }
      try {
        return (await api.create(leaseResource, namespace, newLease(namespace, this.#name, spec))) as Lease;
      } catch (error) {
        if (!isAlreadyExists(error) || attempt > 1) throw error;
      }
    }
  }

  #join(acquireTime: string, resourceVersion: string): void {
    this.#state = "joining";
    this.#acquireTime = acquireTime;
    this.#joinedWith = resourceVersion;
    this.#look();
  }

  /** Looks whether it is counted by now. */
  #look(): void {
    const { leases, leaderLease, replica, clock, logger, onState } = this.#options;
    if (this.#state !== "joining") return;
    // What the leader's Lease said before this membership began is about an earlier one.
    if (!leases.hasSeen(this.#joinedWith)) return;
    const observed = leases.get(leaderLease);
    const counted = countedIn(observed?.lease);
    const freeAt = observed === undefined ? 0 : observed.at + durationOf(observed.lease);
    if (counted[replica] !== this.#acquireTime && clock.now() < freeAt) {
      this.#cancelLook();
      this.#cancelLook = clock.after(freeAt - clock.now(), () => this.#look());
      return;
    }
    this.#cancelLook();
    this.#state = "joined";
    logger.info({ replica }, "Counts as a replica");
    onState("joined");
  }

  #lapse(): void {
    if (this.#state === "lapsed" || this.#stop.signal.aborted) return;
    this.#cancelLapse();
    this.#cancelLook();
    this.#state = "lapsed";
    const { replica, logger, onState } = this.#options;
    logger.error({ replica }, "The replica's Lease lapsed; it counts no longer until it has caught up");
    onState("lapsed");
  }

  #isOverdue(): boolean {
    return this.#options.clock.now() - this.#renewedAt >= REPLICA_LEASE_MS;
  }
}

/** How long a Lease counts from its last renewal, in milliseconds; nothing where nobody holds it. */
function durationOf({ spec }: Lease): number {
  return spec?.holderIdentity ? (spec.leaseDurationSeconds ?? 0) * 1000 : 0;
}
