import type { Clock } from "../../host/clock.ts";
import { KubeError } from "../kube/kube-error.ts";

/** The shortest time between two writes of one status, in milliseconds. */
const REST_MS = 1_000;
/** The longest time until a write is tried again that the API server does not take as it is, in milliseconds. */
const LONGEST_REFUSED_MS = 300_000;
/** The same where somebody may give the right to it back at any time. */
const LONGEST_FORBIDDEN_MS = 60_000;
/** The same where the next try may well succeed. */
const LONGEST_UNREACHABLE_MS = 10_000;

interface Failure {
  readonly generation: number;
  readonly message: string;
  readonly count: number;
  /** When it may be tried again and when it need no longer be remembered, on the monotonic clock. */
  readonly until: number;
}

/**
 * When the status of an object may be written, by the object's key:
 *
 *   free      nothing was written within the last second
 *   resting   a second after a write
 *   refused   after a write that failed: a second, doubling with each failure in a row up to minutes
 *
 *   free -> resting (wrote); any -> refused (failed); refused -> resting (wrote)
 *   refused -> free     its time is over, or the object has another generation: a person waits for what becomes of it
 *
 * An operator that is newer than the CRDs of its cluster may be refused a status for as long as that lasts.
 */
export class StatusPace {
  readonly #clock: Pick<Clock, "now">;
  /** On the monotonic clock, the oldest first. */
  readonly #writes = new Map<string, number>();
  readonly #failures = new Map<string, Failure>();

  constructor(clock: Pick<Clock, "now">) {
    this.#clock = clock;
  }

  /** How long the next write has to wait, in milliseconds. */
  restOf(key: string, generation: number): number {
    const now = this.#clock.now();
    const since = now - REST_MS;
    for (const [oldest, at] of this.#writes) {
      if (at > since) break;
      this.#writes.delete(oldest);
    }
    const failure = this.#failures.get(key);
    const refused = failure?.generation === generation ? failure.until - now : 0;
    return Math.max(refused, (this.#writes.get(key) ?? since) - since);
  }

  /** Says that a write begins. */
  writes(key: string): void {
    this.#writes.delete(key);
    this.#writes.set(key, this.#clock.now());
  }

  /** Says that it succeeded, or that there is nothing to be written any more. */
  wrote(key: string): void {
    this.#failures.delete(key);
  }

  /** Says that it failed. Returns whether that is news. */
  failed(key: string, generation: number, error: unknown): boolean {
    const before = this.#failures.get(key);
    const message = String(error);
    const count = (before?.count ?? 0) + 1;
    const restMs = Math.min(longestRest(error), REST_MS * 2 ** Math.min(count - 1, 30));
    this.#failures.delete(key);
    this.#forgetOld();
    this.#failures.set(key, { generation, message, count, until: this.#clock.now() + restMs });
    return before?.message !== message || before.generation !== generation;
  }

  /** Objects that went meanwhile are never tried again. */
  #forgetOld(): void {
    for (const [key, { until }] of this.#failures) {
      if (until > this.#clock.now() - LONGEST_REFUSED_MS) break;
      this.#failures.delete(key);
    }
  }
}

function longestRest(error: unknown): number {
  if (!(error instanceof KubeError)) return LONGEST_UNREACHABLE_MS;
  if (error.status === 401 || error.status === 403) return LONGEST_FORBIDDEN_MS;
  // What does not fit the schema is a 500 without a reason; so is little else.
  const isFinal = error.status >= 400 && error.status <= 500 && ![408, 409, 429].includes(error.status);
  return isFinal ? LONGEST_REFUSED_MS : LONGEST_UNREACHABLE_MS;
}
