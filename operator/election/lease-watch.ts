/**
 * The Leases of the operator's namespace as this replica has observed them, each with when, on the monotonic clock.
 *
 * How far the view reaches is told by this replica's own writes: they come back through the same watch, in the order of
 * the resourceVersion, so once one of them is seen, all that was written before it has been seen as well. A watch that is
 * cut off or hangs therefore makes the view old, and never somebody else look dead.
 */

import { compareResourceVersions } from "../../engine/model/position.ts";
import type { Clock } from "../../host/clock.ts";
import type { KubeApi, KubeObject } from "../kube/kube-api.ts";
import { Reflector, type ReflectorOptions } from "../kube/reflector.ts";
import { type Lease, leaseResource } from "./lease.ts";

export interface ObservedLease {
  readonly lease: Lease;
  /** When this state of its spec was first observed, on the monotonic clock. */
  readonly at: number;
}

export interface LeaseWatchOptions extends Pick<ReflectorOptions, "random" | "onRetry" | "onFatal"> {
  readonly api: KubeApi;
  readonly namespace: string;
  readonly clock: Clock;
  readonly silenceMs?: number;
}

export class LeaseWatch {
  readonly #clock: Clock;
  readonly #reflector: Pick<Reflector, "start" | "stop">;
  readonly #leases = new Map<string, ObservedLease>();
  readonly #listeners = new Set<() => void>();
  /** Own writes that have not come back yet. */
  #written: { readonly resourceVersion: string; readonly begunAt: number }[] = [];
  #position = "0";
  #freshAt = Number.NEGATIVE_INFINITY;
  #isTelling = false;

  constructor(options: LeaseWatchOptions) {
    const { api, namespace, clock, random, onRetry, onFatal, silenceMs } = options;
    this.#clock = clock;
    this.#reflector = new Reflector({
      ...{ api, namespace, clock, random, onRetry, onFatal },
      ...(silenceMs !== undefined && { silenceMs }),
      resource: leaseResource,
      onContact: () => {},
      sink: {
        put: (object) => this.#put(object),
        remove: (_namespace, name) => void this.#leases.delete(name),
        progress: (resourceVersion) => this.#progress(resourceVersion),
        listed: () => {},
      },
    });
  }

  start(): void {
    this.#reflector.start();
  }

  stop(): Promise<void> {
    return this.#reflector.stop();
  }

  get(name: string): ObservedLease | undefined {
    return this.#leases.get(name);
  }

  entries(): Iterable<[string, ObservedLease]> {
    return this.#leases.entries();
  }

  /** Everything written before this instant of the monotonic clock has been observed. */
  get freshAt(): number {
    return this.#freshAt;
  }

  /** Whether the view holds all up to a resourceVersion. */
  hasSeen(resourceVersion: string): boolean {
    return compareResourceVersions(this.#position, resourceVersion) >= 0;
  }

  /**
   * Takes note of a write of this replica's own.
   *
   * @param begunAt when the request was sent, on the monotonic clock
   */
  wrote(resourceVersion: string, begunAt: number): void {
    this.#written.push({ resourceVersion, begunAt });
    this.#settle();
  }

  /** Calls `listener` in the turn after anything was observed. Returns the way to end it. */
  subscribe(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }

  #put(object: KubeObject): void {
    const lease = object as Lease;
    const { name } = lease.metadata;
    const before = this.#leases.get(name);
    const isSame = before !== undefined && isSameHold(before.lease, lease);
    this.#leases.set(name, { lease, at: isSame ? before.at : this.#clock.now() });
  }

  #progress(resourceVersion: string): void {
    this.#position = resourceVersion;
    this.#settle();
  }

  #settle(): void {
    this.#written = this.#written.filter(({ resourceVersion, begunAt }) => {
      if (!this.hasSeen(resourceVersion)) return true;
      this.#freshAt = Math.max(this.#freshAt, begunAt);
      return false;
    });
    if (this.#isTelling) return;
    this.#isTelling = true;
    this.#clock.after(0, () => {
      this.#isTelling = false;
      for (const listener of [...this.#listeners]) listener();
    });
  }
}

/** Whether two states of a Lease are of one renewal. */
function isSameHold(a: Lease, b: Lease): boolean {
  return (
    a.metadata.uid === b.metadata.uid &&
    a.spec?.renewTime === b.spec?.renewTime &&
    a.spec?.holderIdentity === b.spec?.holderIdentity &&
    a.spec?.acquireTime === b.spec?.acquireTime
  );
}
