/**
 * What only the leader does, begun and ended with leadership as often as that changes.
 *
 *   waiting   this replica does not lead, or is not ready yet
 *   caring    duties are made and at work
 *   leaving   the term is over: its writes are aborted, and what is under way comes to its end
 *   stopped   for good
 *
 *   waiting -> caring    leader and ready
 *   caring  -> leaving   leadership lost
 *   leaving -> waiting   drained; and on to caring at once if this replica leads again
 *   any     -> stopped   stop(); what is under way is finished, since nobody else leads until the Lease is released, and
 *                        aborted if leadership is lost meanwhile
 *
 * INVARIANT: at no time are there duties of two terms.
 */

import type { Logger } from "pino";
import type { ObjectChange } from "./domains.ts";
import type { Duty, Term } from "./duty.ts";
import type { Leadership } from "./leadership.ts";

export interface CaretakerOptions {
  readonly leadership: Leadership;
  /** Makes the duties of a term. */
  readonly createDuties: (term: Term) => readonly Duty[];
  readonly logger: Logger;
}

export class Caretaker {
  readonly #options: CaretakerOptions;
  readonly #unsubscribe: () => void;
  #state: "waiting" | "caring" | "leaving" | "stopped" = "waiting";
  #isReady = false;
  #duties: readonly Duty[] = [];
  #term = new AbortController();
  #leaving: Promise<void> | undefined;

  constructor(options: CaretakerOptions) {
    this.#options = options;
    this.#unsubscribe = options.leadership.subscribe(() => this.#settle());
  }

  /** How many things wait to be looked at. */
  get pending(): number {
    return this.#duties.reduce((sum, duty) => sum + (duty.pending ?? 0), 0);
  }

  /** Says that all that was there at the start is published. */
  ready(): void {
    this.#isReady = true;
    this.#settle();
  }

  changed(change: ObjectChange): void {
    if (this.#state === "caring") for (const duty of this.#duties) duty.changed?.(change);
  }

  published(domain: string): void {
    if (this.#state === "caring") for (const duty of this.#duties) duty.published?.(domain);
  }

  /** Begins nothing any more; resolves when what is under way is finished. */
  async stop(): Promise<void> {
    this.#state = "stopped";
    await Promise.all([this.#leaving, this.#drain()]);
    this.#unsubscribe();
    this.#term.abort();
  }

  #settle(): void {
    const mayCare = this.#options.leadership.isLeader && this.#isReady;
    if (this.#state === "waiting" && mayCare) this.#begin();
    else if (this.#state === "caring" && !mayCare) this.#leave();
    else if (this.#state === "stopped" && !mayCare) this.#term.abort();
  }

  #begin(): void {
    this.#state = "caring";
    this.#term = new AbortController();
    this.#duties = this.#options.createDuties({ ended: this.#term.signal });
    this.#options.logger.debug("Looks after all objects");
    for (const duty of this.#duties) duty.start();
  }

  #leave(): void {
    this.#state = "leaving";
    this.#term.abort();
    this.#leaving = this.#drain().then(() => {
      this.#leaving = undefined;
      if (this.#state !== "leaving") return;
      this.#state = "waiting";
      this.#settle();
    });
  }

  /** Drains even where one of them fails to. */
  async #drain(): Promise<void> {
    const duties = this.#duties;
    const results = await Promise.allSettled(duties.map((duty) => duty.drain()));
    for (const result of results) {
      if (result.status === "rejected")
        this.#options.logger.error({ err: result.reason }, "A duty did not end in order");
    }
    if (this.#duties === duties) this.#duties = [];
  }
}
