import type { ObjectChange } from "./domains.ts";

/**
 * Something that only the leader does. A duty is made when a term of leadership begins and dropped when it ends, so what it
 * knows it has looked up in this term.
 */
export interface Duty {
  /** Begins, with a look at everything. Called once, when all that was there at the start of this replica is published. */
  start(): void;
  /** An object changed. */
  changed?(change: ObjectChange): void;
  /** A domain has another policy, another position or none any more. */
  published?(domain: string): void;
  /** How many things wait to be looked at. */
  readonly pending?: number;
  /** Begins nothing new; resolves when nothing of it is under way. */
  drain(): Promise<void>;
}

/** One time of being the leader. */
export interface Term {
  /** Aborted when the term ends: what is under way then must not take effect any more. */
  readonly ended: AbortSignal;
}
