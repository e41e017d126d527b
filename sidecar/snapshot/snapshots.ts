/**
 * The policies that decisions are made by, one per domain.
 *
 * A domain starts without a policy. `restore` sets one from disk, `swap` one from the operator; both replace a single
 * reference, so that a decision sees one policy from its first look to its last. `renew` and `advance` change what is
 * known about the policy in use without changing a decision. Only the start of the process (restore) and the delivery
 * client (all others) move it. There is no way back to having none.
 */

import { SidegateError } from "../../engine/errors/sidegate-error.ts";
import { mayReplace } from "../../engine/model/may-replace.ts";
import { hasReached, type Position } from "../../engine/model/position.ts";
import { serverLimits } from "../../engine/model/server-limits.ts";
import type { Policy } from "../../engine/policy/policy.ts";
import type { Clock } from "../../host/clock.ts";
import { ageOf, type Contact, contactOf, type Freshness, freshnessOf } from "./freshness.ts";
import { Waiters } from "./waiters.ts";

export interface SnapshotOptions {
  /** The domains that the sidecar serves. At least one. */
  readonly domains: readonly string[];
  readonly clock: Clock;
  /** Requests that may wait for a position at once. Default 1024. */
  readonly maxWaiters?: number;
  /** The longest that a request waits for a position, whatever its deadline, in milliseconds. Default 30000. */
  readonly maxWaitMs?: number;
}

interface Slot {
  policy: Policy | undefined;
  contact: Contact | undefined;
}

const NEVER: Freshness = Object.freeze({ fresh: false, because: "TooOld", ageMs: Infinity });

export class Snapshots {
  /** The only domain, for requests that name none; undefined where several are served. */
  readonly sole: string | undefined;
  readonly #clock: Clock;
  readonly #maxWaitMs: number;
  readonly #slots: ReadonlyMap<string, Slot>;
  readonly #waiters: Waiters;
  readonly #listeners = new Set<(policy: Policy) => void>();

  constructor(options: SnapshotOptions) {
    this.#clock = options.clock;
    this.#maxWaitMs = options.maxWaitMs ?? serverLimits.longestWaitMs;
    this.#waiters = new Waiters(options.clock, options.maxWaiters ?? serverLimits.waiters);
    this.#slots = new Map(
      options.domains.map((domain) => [domain, { policy: undefined, contact: undefined }]),
    );
    this.sole = options.domains.length === 1 ? options.domains[0] : undefined;
  }

  /** The domains that the sidecar serves. */
  domains(): Iterable<string> {
    return this.#slots.keys();
  }

  /** The policy in use; undefined before the first and for domains that are not served. */
  get(domain: string): Policy | undefined {
    return this.#slots.get(domain)?.policy;
  }

  /** Whether every domain has a policy. */
  get ready(): boolean {
    for (const slot of this.#slots.values()) if (slot.policy === undefined) return false;
    return true;
  }

  /** How many requests wait for a position. */
  get waiting(): number {
    return this.#waiters.size;
  }

  /**
   * Calls `listener` after each change of a policy or its position, and when a policy from disk is confirmed that nothing was
   * known of, in the same turn. Listeners must not throw. Returns the
   * way to end it.
   */
  subscribe(listener: (policy: Policy) => void): () => void {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }

  /**
   * Sets a policy from disk.
   *
   * @param contact the last contact of an earlier process by its wall clock, in milliseconds since 1970; undefined: none
   *   that can be trusted, so the policy is stale until the operator confirms it
   */
  restore(policy: Policy, contact: number | undefined): void {
    const slot = this.#slot(policy.domain);
    const wall = this.#clock.wallTime();
    if (contact !== undefined && contact <= wall) slot.contact = contactOf(contact, wall, this.#clock.now());
    this.#set(slot, policy);
  }

  /**
   * Puts a policy in the place of the one in use. Throws SG2004, and changes nothing, when it lies behind it.
   *
   * @param issuedAt when the operator held the policy to be current, milliseconds since 1970
   */
  swap(policy: Policy, issuedAt: number): void {
    const slot = this.#slot(policy.domain);
    if (!mayReplace(slot.policy, policy)) {
      throw new SidegateError("SG2004", `domain "${policy.domain}", revision ${policy.revision}`);
    }
    slot.contact = this.#contact(issuedAt);
    this.#set(slot, policy);
  }

  /**
   * Notes that the operator says that `revision` is current, at this position. Changes nothing and answers false when
   * another revision is in use or the position lies behind.
   */
  renew(domain: string, revision: string, epoch: number, position: Position, issuedAt: number): boolean {
    const slot = this.#slot(domain);
    const policy = slot.policy;
    if (policy?.revision !== revision || !mayReplace(policy, { epoch, position })) return false;
    const contact = this.#contact(issuedAt);
    const isFirst = slot.contact === undefined;
    // A message that overtook another must not take back what the later one said.
    if (slot.contact === undefined || contact.now > slot.contact.now) slot.contact = contact;
    if (epoch !== policy.epoch || !hasReached(policy.position, position)) {
      this.#set(slot, policy.withPosition(position, epoch));
    } else if (isFirst) this.#set(slot, policy);
    return true;
  }

  /**
   * Whether decisions may be made by the domain's policy. Call it for each request: the answer changes with time alone.
   *
   * @param wall milliseconds since 1970
   */
  freshness(domain: string, wall: number): Freshness {
    const slot = this.#slots.get(domain);
    if (slot?.policy === undefined) return NEVER;
    return freshnessOf(slot.contact, slot.policy.staleness.maxSeconds, wall, this.#clock.now());
  }

  /** The time since the operator last confirmed the domain's policy, in milliseconds; Infinity: never. */
  ageMs(domain: string): number {
    return ageOf(this.#slots.get(domain)?.contact, this.#clock.wallTime(), this.#clock.now());
  }

  /** When the operator last confirmed the domain's policy, in milliseconds since 1970. */
  contact(domain: string): number | undefined {
    return this.#slots.get(domain)?.contact?.wall;
  }

  /**
   * The policy, once it has reached `minimum`; at once where it has. Rejects with SG3002 where there is none, SG3003 at
   * the deadline, when too many wait and when waiting was ended, the signal's reason when it is aborted.
   *
   * @param deadline milliseconds since 1970, Infinity for none
   */
  async waitFor(domain: string, minimum: Position, deadline: number, signal?: AbortSignal): Promise<Policy> {
    const policy = this.get(domain);
    if (policy === undefined) throw new SidegateError("SG3002", `there is no policy of domain "${domain}"`);
    if (hasReached(policy.position, minimum)) return policy;
    const left = Math.max(0, Math.min(this.#maxWaitMs, deadline - this.#clock.wallTime()));
    return this.#waiters.wait(domain, minimum, left, signal);
  }

  /** Ends all waiting: whoever waits for a position would do so in vain, since no policy comes any more. */
  endWaiting(): void {
    this.#waiters.close();
  }

  #slot(domain: string): Slot {
    const slot = this.#slots.get(domain);
    if (slot === undefined) throw new Error(`Domain "${domain}" is not served`);
    return slot;
  }

  #contact(issuedAt: number): Contact {
    return contactOf(issuedAt, this.#clock.wallTime(), this.#clock.now());
  }

  #set(slot: Slot, policy: Policy): void {
    slot.policy = policy;
    this.#waiters.notify(policy);
    for (const listener of [...this.#listeners]) listener(policy);
  }
}
