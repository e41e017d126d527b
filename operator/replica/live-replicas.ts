/**
 * Which replicas live, as the leader sees it: those whose Lease was renewed within its 30 s, by the monotonic clock of
 * this machine. A replica is dead only once the watch has shown a write of this replica's own that was begun 30 s after
 * the last renewal was seen: then a renewal in between would have been seen, however old the view may be.
 */

import type { LeaseWatch } from "../election/lease-watch.ts";
import { COUNTED_REPLICAS } from "./counted-replicas.ts";
import { REPLICA_LEASE_MS, replicaOfLease } from "./replica-lease.ts";

export interface LiveReplicas {
  isLive(replica: string): boolean;
  /** The names of those that live. */
  live(): readonly string[];
  /** Calls `listener` after a replica came, went or came again. Returns the way to end it. */
  onChange(listener: () => void): () => void;
}

export class LeaseReplicas implements LiveReplicas {
  readonly #leases: Pick<LeaseWatch, "entries" | "freshAt" | "subscribe">;
  readonly #listeners = new Set<() => void>();
  readonly #unsubscribe: () => void;
  /** By replica, the acquireTime of its Lease. */
  #live = new Map<string, string>();

  constructor(leases: Pick<LeaseWatch, "entries" | "freshAt" | "subscribe">) {
    this.#leases = leases;
    this.#unsubscribe = leases.subscribe(() => this.#look());
    this.#look();
  }

  isLive(replica: string): boolean {
    return this.#live.has(replica);
  }

  live(): readonly string[] {
    return [...this.#live.keys()].sort();
  }

  /** Replicas whose Lease is still there although they do not live. */
  expired(): readonly string[] {
    return [...this.#all()].filter(([replica]) => !this.isLive(replica)).map(([replica]) => replica);
  }

  /** What the leader's Lease says of them. */
  annotations(): Readonly<Record<string, string>> {
    const counted = Object.fromEntries([...this.#live].sort(([a], [b]) => (a < b ? -1 : 1)));
    return { [COUNTED_REPLICAS]: JSON.stringify(counted) };
  }

  onChange(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }

  stop(): void {
    this.#unsubscribe();
  }

  *#all(): Iterable<[replica: string, acquireTime: string, seenAt: number]> {
    for (const [name, { lease, at }] of this.#leases.entries()) {
      const replica = replicaOfLease(name);
      if (replica !== undefined) yield [replica, lease.spec?.acquireTime ?? "", at];
    }
  }

  #look(): void {
    const before = this.#live;
    const live = new Map<string, string>();
    for (const [replica, acquireTime, seenAt] of this.#all()) {
      if (this.#leases.freshAt - seenAt < REPLICA_LEASE_MS) live.set(replica, acquireTime);
    }
    this.#live = live;
    if (isSame(before, live)) return;
    for (const listener of [...this.#listeners]) listener();
  }
}

function isSame(a: ReadonlyMap<string, string>, b: ReadonlyMap<string, string>): boolean {
  return a.size === b.size && [...a].every(([key, value]) => b.get(key) === value);
}
