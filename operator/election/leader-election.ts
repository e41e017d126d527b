/**
 * Which of several replicas leads, by a Lease, after client-go's leader election: a Lease counts for 15 s, its holder
 * renews it every 2 s and gives up when it could not for 10 s.
 *
 *   following   the Lease is another's, as far as was observed less than 15 s ago; waits for that to change
 *   trying      the Lease is free: absent, without a holder, or not renewed for its duration. Tries every 2 s to 4.4 s
 *   confirming  holds the Lease, and waits until the watch has shown that: then all other Leases are known as of then
 *   leading     told to the listeners
 *   stopped     released the Lease, if it held it
 *
 *   following -> trying      the Lease became free
 *   trying -> following      another one holds it
 *   trying -> confirming     this replica's write went through
 *   confirming -> leading    the write was observed
 *   confirming, leading -> following  another one holds it
 *   confirming, leading -> trying     not renewed for 10 s, counted from before the last renewal was sent
 *   any -> stopped           stop()
 *
 * Times in the Lease are for people. What counts is how long ago, on this machine's monotonic clock, its last change was
 * seen, so clocks that differ do no harm. Each write names the resourceVersion that it follows on, so an old view can
 * not take a Lease that was renewed since.
 */

import type { Logger } from "pino";
import { compareResourceVersions } from "../../engine/model/position.ts";
import { type Clock, pause } from "../../host/clock.ts";
import type { KubeApi } from "../kube/kube-api.ts";
import { isAlreadyExists, isConflict, isNotFound } from "../kube/kube-error.ts";
import type { Leadership } from "../leadership.ts";
import { formatMicroTime, type Lease, type LeaseSpec, leaseResource, newLease } from "./lease.ts";
import type { LeaseWatch } from "./lease-watch.ts";

export interface LeaderElectionOptions {
  /** Its deadline for a request should be half of the 10 s or less. */
  readonly api: Pick<KubeApi, "get" | "create" | "mergePatch">;
  readonly namespace: string;
  /** Of the Lease. */
  readonly name: string;
  /** This replica; no two processes at a time have the same. */
  readonly identity: string;
  readonly leases: Pick<LeaseWatch, "get" | "subscribe" | "wrote" | "hasSeen">;
  /** Annotations that the Lease is to bear with the next renewal; `renew` hurries it. */
  readonly annotations?: () => Readonly<Record<string, string>>;
  readonly clock: Clock;
  /** Uniform in [0, 1). */
  readonly random: () => number;
  readonly logger: Logger;
}

export const LEASE_MS = 15_000;
export const RENEW_DEADLINE_MS = 10_000;
export const RETRY_MS = 2_000;
const JITTER = 1.2;

export class LeaderElection implements Leadership {
  readonly #options: LeaderElectionOptions;
  readonly #listeners = new Set<(isLeader: boolean) => void>();
  readonly #stop = new AbortController();
  #wake = new AbortController();
  #isHurried = false;
  #isFailing = false;
  #running: Promise<void> | undefined;
  /** The Lease as this replica's last write left it, while it holds it. */
  #held: Lease | undefined;
  #heldSince = "";
  #renewedAt = 0;
  #isLeader = false;
  #cancelDeadline: () => void = () => {};
  #seen: { readonly lease: Lease; readonly at: number } | undefined;

  constructor(options: LeaderElectionOptions) {
    this.#options = options;
  }

  get isLeader(): boolean {
    // Timers may be late; then nobody must act before the deadline is noticed.
    if (this.#isLeader && this.#isOverdue()) this.#lose("it was not renewed in time");
    return this.#isLeader;
  }

  subscribe(listener: (isLeader: boolean) => void): () => void {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }

  start(): void {
    this.#running ??= this.#run();
  }

  /** Renews soon, with new annotations, instead of within 2 s. */
  renew(): void {
    this.#isHurried = true;
    this.#wake.abort();
  }

  /** Releases the Lease, so that another replica need not wait for its end. What only the leader does must be over. */
  async stop(): Promise<void> {
    this.#stop.abort();
    this.#wake.abort();
    await this.#running;
    const held = this.#held;
    this.#lose("this replica stops");
    if (held !== undefined) await this.#release(held);
  }

  async #run(): Promise<void> {
    const { leases, random } = this.#options;
    const unsubscribe = leases.subscribe(() => this.#observed());
    while (!this.#stop.signal.aborted) {
      const waitMs = this.#held === undefined ? this.#untilFree() : 0;
      if (waitMs > 0) await this.#rest(waitMs);
      else {
        const isHeld = await this.#attempt();
        await this.#rest(isHeld ? RETRY_MS : RETRY_MS * (1 + JITTER * random()));
      }
    }
    unsubscribe();
  }

  /** Waits, but not beyond anything of interest. */
  async #rest(ms: number): Promise<void> {
    const isHurried = this.#isHurried;
    this.#isHurried = false;
    if (isHurried || this.#stop.signal.aborted) return;
    this.#wake = new AbortController();
    await pause(this.#options.clock, ms, this.#wake.signal);
    this.#isHurried = false;
  }

  /** Milliseconds until the Lease is free, as far as was observed. */
  #untilFree(): number {
    const seen = this.#seen;
    const { holderIdentity = "", leaseDurationSeconds = LEASE_MS / 1000 } = seen?.lease.spec ?? {};
    if (seen === undefined || holderIdentity === "" || holderIdentity === this.#options.identity) return 0;
    return Math.max(0, seen.at + leaseDurationSeconds * 1000 - this.#options.clock.now());
  }

  /** The watch has brought something. */
  #observed(): void {
    const { leases, name } = this.#options;
    const observed = leases.get(name);
    const before = this.#seen;
    if (observed !== undefined) this.#see(observed.lease, observed.at);
    else if (before !== undefined && this.#held === undefined) {
      // Deleted. A view that is older than the last reading says nothing.
      if (leases.hasSeen(before.lease.metadata.resourceVersion ?? "0")) this.#seen = undefined;
    }
    this.#confirm();
    if (this.#held === undefined && this.#seen !== before) this.#wake.abort();
  }

  #see(lease: Lease, at: number): void {
    const before = this.#seen?.lease;
    if (before !== undefined && isOlder(lease, before)) return;
    if (before === undefined || !isSameRecord(before.spec, lease.spec)) this.#seen = { lease, at };
    const isMine = lease.spec?.holderIdentity === this.#options.identity;
    if (this.#held !== undefined && !isMine && !isOlder(lease, this.#held))
      this.#lose(`${lease.spec?.holderIdentity || "nobody"} holds the Lease`);
  }

  /** Tries to take or renew the Lease; never rejects. @returns whether this replica holds it */
  async #attempt(): Promise<boolean> {
    const { clock, logger, name } = this.#options;
    const begunAt = clock.now();
    try {
      const lease = await this.#takeOrRenew();
      this.#isFailing = false;
      if (lease === undefined) return false;
      this.#hold(lease, begunAt);
      return true;
    } catch (error) {
      const isUsual = this.#isFailing || isConflict(error) || isAlreadyExists(error);
      const level = isUsual ? "debug" : "warn";
      this.#isFailing ||= !isUsual;
      logger[level]({ lease: name, err: error }, "Renewing or taking a Lease failed");
      return false;
    }
  }

  /** @returns the Lease as written, or undefined if it is another's */
  async #takeOrRenew(): Promise<Lease | undefined> {
    const { api, namespace, name } = this.#options;
    if (this.#held !== undefined) {
      try {
        return await this.#write(this.#held);
      } catch (error) {
        // Somebody else has written or deleted it; that is to be looked at first.
        if (!isConflict(error) && !isNotFound(error)) throw error;
      }
    }
    try {
      const lease = (await api.get(leaseResource, namespace, name)) as Lease;
      this.#see(lease, this.#options.clock.now());
      if (this.#untilFree() > 0) return undefined;
      return await this.#write(lease);
    } catch (error) {
      if (!isNotFound(error)) throw error;
    }
    const spec = { ...this.#spec(), leaseTransitions: 0 };
    const lease = newLease(namespace, name, spec, this.#options.annotations?.());
    return (await api.create(leaseResource, namespace, lease)) as Lease;
  }

  async #write(lease: Lease): Promise<Lease> {
    const { api, namespace, name, annotations } = this.#options;
    const { resourceVersion } = lease.metadata;
    const metadata = { resourceVersion, ...(annotations && { annotations: annotations() }) };
    const patch = { metadata, spec: this.#spec(lease.spec) };
    return (await api.mergePatch(leaseResource, namespace, name, patch)) as Lease;
  }

  #spec({ holderIdentity = "", acquireTime, leaseTransitions = 0 }: LeaseSpec = {}): LeaseSpec {
    const { identity, clock } = this.#options;
    const now = formatMicroTime(clock.wallTime());
    const isMine = holderIdentity === identity;
    return {
      holderIdentity: identity,
      leaseDurationSeconds: LEASE_MS / 1000,
      acquireTime: isMine ? (acquireTime ?? now) : now,
      renewTime: now,
      leaseTransitions: isMine ? leaseTransitions : leaseTransitions + 1,
    };
  }

  #hold(lease: Lease, begunAt: number): void {
    const { leases, clock, logger, name } = this.#options;
    const { resourceVersion = "0" } = lease.metadata;
    if (this.#held === undefined) {
      this.#heldSince = resourceVersion;
      logger.debug({ lease: name }, "Holds the Lease");
    }
    this.#held = lease;
    this.#renewedAt = begunAt;
    this.#seen = { lease, at: clock.now() };
    leases.wrote(resourceVersion, begunAt);
    this.#cancelDeadline();
    const left = begunAt + RENEW_DEADLINE_MS - clock.now();
    this.#cancelDeadline = clock.after(left, () => this.#lose("it was not renewed in time"));
    this.#confirm();
  }

  #confirm(): void {
    const { leases, logger, name, identity } = this.#options;
    if (this.#held === undefined || this.#isLeader || this.#isOverdue()) return;
    if (!leases.hasSeen(this.#heldSince)) return;
    this.#isLeader = true;
    logger.info({ lease: name, identity }, "Leads");
    this.#tell();
  }

  #lose(why: string): void {
    const { logger, name } = this.#options;
    this.#cancelDeadline();
    this.#held = undefined;
    if (!this.#isLeader) return;
    this.#isLeader = false;
    logger[this.#stop.signal.aborted ? "info" : "warn"]({ lease: name, why }, "Leads no longer");
    this.#tell();
  }

  #isOverdue(): boolean {
    return this.#options.clock.now() - this.#renewedAt >= RENEW_DEADLINE_MS;
  }

  #tell(): void {
    for (const listener of [...this.#listeners]) listener(this.#isLeader);
  }

  async #release({ metadata, spec }: Lease): Promise<void> {
    const { api, namespace, name, clock, logger } = this.#options;
    const now = formatMicroTime(clock.wallTime());
    const { resourceVersion } = metadata;
    const free = { ...spec, holderIdentity: "", leaseDurationSeconds: 1, acquireTime: now, renewTime: now };
    try {
      await api.mergePatch(leaseResource, namespace, name, { metadata: { resourceVersion }, spec: free });
    } catch (error) {
      logger.warn({ lease: name, err: error }, "Releasing the Lease failed; it ends by itself");
    }
  }
}

function isOlder(a: Lease, b: Lease): boolean {
  return (
    a.metadata.uid === b.metadata.uid &&
    compareResourceVersions(a.metadata.resourceVersion ?? "0", b.metadata.resourceVersion ?? "0") < 0
  );
}

function isSameRecord(a: LeaseSpec | undefined, b: LeaseSpec | undefined): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}
