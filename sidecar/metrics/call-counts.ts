import type { Outcome } from "../../engine/decide/decision.ts";

/** Counts decisions by outcome. */
export type CountDecision = (outcome: Outcome) => void;

/** For who counts nothing. */
export const uncounted: CountDecision = () => {};

/** What became of calls since the process started. */
export class CallCounts {
  /** Checks, alone or in a batch, by their outcome. */
  readonly decisions = new Map<Outcome, number>();
  /** Calls that ended in an error, by its code; "" stands for a defect. */
  readonly errors = new Map<string, number>();

  readonly decided: CountDecision = (outcome) => increment(this.decisions, outcome);

  readonly failed = (code: string): void => increment(this.errors, code);
}

function increment<K>(counts: Map<K, number>, key: K): void {
  counts.set(key, (counts.get(key) ?? 0) + 1);
}
