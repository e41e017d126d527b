import { SidegateError } from "../../engine/errors/sidegate-error.ts";
import { hasReached, type Position } from "../../engine/model/position.ts";
import type { Policy } from "../../engine/policy/policy.ts";
import type { Clock } from "../../host/clock.ts";

interface Waiter {
  readonly minimum: Position;
  readonly end: (settle: () => void) => void;
  readonly resolve: (policy: Policy) => void;
  readonly reject: (reason: unknown) => void;
}

/** Requests that wait until a domain's policy has reached a position. */
export class Waiters {
  readonly #clock: Clock;
  readonly #limit: number;
  readonly #byDomain = new Map<string, Set<Waiter>>();
  #size = 0;
  #closed = false;

  /** @param limit how many may wait at once, over all domains */
  constructor(clock: Clock, limit: number) {
    this.#clock = clock;
    this.#limit = limit;
  }

  /** How many wait now. */
  get size(): number {
    return this.#size;
  }

  /**
   * Resolves with the first policy that reaches `minimum`. Rejects with SG3003 after `ms` milliseconds, at once when
   * too many wait or waiting is over, and with the signal's reason when it is aborted.
   */
  wait(domain: string, minimum: Position, ms: number, signal?: AbortSignal): Promise<Policy> {
    return new Promise((resolve, reject) => {
      if (signal?.aborted) return reject(signal.reason);
      if (this.#closed) return reject(inVain());
      if (this.#size >= this.#limit) {
        return reject(new SidegateError("SG3003", `${this.#size} requests wait already`));
      }
      const end = (settle: () => void) => {
        cancel();
        signal?.removeEventListener("abort", abort);
        this.#leave(domain, waiter);
        settle();
      };
      const waiter: Waiter = { minimum, end, resolve, reject };
      const abort = () => end(() => reject(signal?.reason));
      const cancel = this.#clock.after(ms, () => {
        end(() =>
          reject(new SidegateError("SG3003", `domain "${domain}" did not get there in ${Math.round(ms)} ms`)),
        );
      });
      signal?.addEventListener("abort", abort);
      this.#join(domain, waiter);
    });
  }

  /** Lets go all whom the policy satisfies. */
  notify(policy: Policy): void {
    for (const waiter of [...(this.#byDomain.get(policy.domain) ?? [])]) {
      if (hasReached(policy.position, waiter.minimum)) waiter.end(() => waiter.resolve(policy));
    }
  }

  /** Rejects all who wait, and all who would, with SG3003: no policy comes any more. */
  close(): void {
    this.#closed = true;
    for (const waiters of [...this.#byDomain.values()]) {
      for (const waiter of [...waiters]) waiter.end(() => waiter.reject(inVain()));
    }
  }

  #join(domain: string, waiter: Waiter): void {
    const waiters = this.#byDomain.get(domain);
    if (waiters === undefined) this.#byDomain.set(domain, new Set([waiter]));
    else waiters.add(waiter);
    this.#size++;
  }

  #leave(domain: string, waiter: Waiter): void {
    const waiters = this.#byDomain.get(domain);
    if (!waiters?.delete(waiter)) return;
    if (waiters.size === 0) this.#byDomain.delete(domain);
    this.#size--;
  }
}

function inVain(): SidegateError {
  return new SidegateError("SG3003", "the sidecar stops");
}
