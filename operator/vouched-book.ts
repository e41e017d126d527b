/**
 * What the operator vouches for: a policy stands in the book only while the operator knows that it is current, and is
 * allowed to say so.
 *
 *   in touch    changes are known to arrive; what is published stands in the book
 *   losing      something broke less than a minute ago, which is what a restart of the API server takes; as before
 *   out of touch  the book is empty. Sidecars keep what they have and see it grow old, as if the operator were away:
 *               otherwise an operator that is cut off would confirm an old policy for ever
 *
 *   in touch -> losing (setContact(false)) -> out of touch (after 60 s)
 *   losing, out of touch -> in touch (setContact(true)); then everything stands in the book again
 *
 * Apart from that it may be suspended: then the book is empty at once, and full again with contact when that ends.
 */

import type { Logger } from "pino";
import type { CompiledPolicy } from "../engine/compile/compiled-policy.ts";
import type { Clock } from "../host/clock.ts";
import type { PolicyBook } from "./policy-book.ts";

/** Where policies are published. */
export type Publisher = Pick<PolicyBook, "current" | "publish" | "remove">;

const GRACE_MS = 60_000;

export class VouchedBook implements Publisher {
  readonly #book: PolicyBook;
  readonly #clock: Clock;
  readonly #logger: Logger;
  readonly #policies = new Map<string, CompiledPolicy>();
  #hasContact = true;
  #isSuspended = false;
  #cancelGrace: (() => void) | undefined;
  /** When contact was lost and when it was suspended, on the monotonic clock. */
  #lostAt = Number.POSITIVE_INFINITY;
  #suspendedAt = Number.POSITIVE_INFINITY;

  constructor(book: PolicyBook, clock: Clock, logger: Logger) {
    this.#book = book;
    this.#clock = clock;
    this.#logger = logger;
  }

  /** Whether what is published stands in the book. */
  get isInTouch(): boolean {
    return this.#hasContact && !this.#isSuspended;
  }

  /** For how long policies have not been known to be current, in milliseconds; 0 while they are. */
  get ageMs(): number {
    return Math.max(0, this.#clock.now() - Math.min(this.#lostAt, this.#suspendedAt));
  }

  /** The policy that was published last, whether it stands in the book or not. */
  current(domain: string): CompiledPolicy | undefined {
    return this.#policies.get(domain);
  }

  publish(policy: CompiledPolicy): void {
    this.#policies.set(policy.domain, policy);
    if (this.isInTouch) this.#book.publish(policy);
  }

  remove(domain: string): void {
    this.#policies.delete(domain);
    this.#book.remove(domain);
  }

  /** Says whether changes are known to arrive. */
  setContact(isInTouch: boolean): void {
    this.#lostAt = isInTouch ? Number.POSITIVE_INFINITY : Math.min(this.#lostAt, this.#clock.now());
    if (!isInTouch) {
      if (this.#hasContact) this.#cancelGrace ??= this.#clock.after(GRACE_MS, () => this.#lose());
      return;
    }
    this.#cancelGrace?.();
    this.#cancelGrace = undefined;
    if (this.#hasContact) return;
    this.#hasContact = true;
    this.#logger.info({ domains: this.#policies.size }, "In touch with the source again");
    this.#fill();
  }

  /** Says whether policies may be vouched for at all. */
  suspend(isSuspended: boolean): void {
    if (this.#isSuspended === isSuspended) return;
    this.#isSuspended = isSuspended;
    this.#suspendedAt = isSuspended ? this.#clock.now() : Number.POSITIVE_INFINITY;
    if (isSuspended) this.#empty();
    else this.#fill();
  }

  stop(): void {
    this.#cancelGrace?.();
  }

  #lose(): void {
    this.#cancelGrace = undefined;
    this.#hasContact = false;
    const domains = this.#policies.size;
    this.#logger.error(
      { domains, graceMs: GRACE_MS },
      "Out of touch with the source; policies are not confirmed any more",
    );
    this.#empty();
  }

  #empty(): void {
    for (const domain of this.#policies.keys()) this.#book.remove(domain);
  }

  #fill(): void {
    if (!this.isInTouch) return;
    for (const policy of this.#policies.values()) this.#book.publish(policy);
  }
}
