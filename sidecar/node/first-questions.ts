/**
 * Calls whose answer needs what is not there yet: what the operator says of a caller, or the first policy of a domain.
 *
 * Each waits until just before its own caller gives up, so that the caller learns what was waited for; an answer that has all it
 * needs takes the time that it takes elsewhere. What is waited for is shared with others and bound to no call: it goes on when the
 * caller has gone, and so does what comes after it, so that the next question finds it there.
 *
 * INVARIANT: a domain is begun to be followed only for a caller that may ask about it, never beside the question whether it
 * may. Or any pod could have a node take up domains with tokens that it makes up.
 */
import { SidegateError } from "../../engine/errors/sidegate-error.ts";
import { quote } from "../../engine/model/quote.ts";
import { serverLimits } from "../../engine/model/server-limits.ts";
import type { Clock } from "../../host/clock.ts";
import { answerBy } from "../api/answer-by.ts";
import type { Call } from "../api/call.ts";

/** What a call waits for: whether its caller may ask about a domain ("" for its own), or that domain's policy. */
export interface Awaited {
  readonly what: "verdict" | "policy";
  readonly domain: string;
}

/** Waits for what was asked for; rejects as it does. Other work of a call takes its own time. */
export type WaitFor = <T>(awaited: Awaited, asked: () => Promise<T>) => Promise<T>;

/**
 * Finds an answer, and waits with `wait` alone for what is not there yet.
 *
 * @param call the same call, whose signal also aborts when it has got its error
 */
export type FindAnswer<T> = (call: Call, wait: WaitFor) => Promise<T>;

/** More than elsewhere: an operator that is slow to say who asks is on a machine that is slow to pass the error on. */
const MARGIN_MS = 500;

export class FirstQuestions {
  readonly #clock: Clock;
  readonly #waiting = new Map<string, number>();
  #waitingInAll = 0;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /**
   * Rejects as `find` does; with SG3304 where the operator does not say in time who asks, and where too many wait; with SG3002
   * where a policy does not come in time; and with the reason of the call's signal.
   *
   * @param caller whose places it takes while it waits
   */
  async answer<T>(caller: string, call: Call, find: FindAnswer<T>): Promise<T> {
    const { deadline, authorization } = call;
    const patience = patienceMs(deadline, this.#clock.wallTime());
    const end = this.#clock.now() + patience;
    const givenUp = new AbortController();
    const over = Promise.withResolvers<never>();
    const giveUp = (reason: unknown) => {
      over.reject(reason);
      givenUp.abort(reason);
    };
    const wait: WaitFor = async (awaited, asked) => {
      this.#enter(caller);
      const cancel = this.#clock.after(Math.max(0, end - this.#clock.now()), () =>
        giveUp(late(awaited, patience)),
      );
      try {
        return await asked();
      } finally {
        cancel();
        this.#leave(caller);
      }
    };
    const gone = () => giveUp(call.signal.reason);
    if (call.signal.aborted) gone();
    call.signal.addEventListener("abort", gone);
    try {
      return await Promise.race([
        find({ deadline, authorization, signal: givenUp.signal }, wait),
        over.promise,
      ]);
    } finally {
      call.signal.removeEventListener("abort", gone);
    }
  }

  /** One caller does not take the places of all. */
  #enter(caller: string): void {
    const own = this.#waiting.get(caller) ?? 0;
    if (own >= serverLimits.waitersOfCaller)
      throw new SidegateError("SG3304", `${own} other calls of this caller wait for their first answer`);
    if (this.#waitingInAll >= serverLimits.waiters)
      throw new SidegateError("SG3304", `${this.#waitingInAll} other calls wait for their first answer`);
    this.#waiting.set(caller, own + 1);
    this.#waitingInAll++;
  }

  #leave(caller: string): void {
    const own = this.#waiting.get(caller)! - 1;
    if (own === 0) this.#waiting.delete(caller);
    else this.#waiting.set(caller, own);
    this.#waitingInAll--;
  }
}

function patienceMs(deadline: number, wall: number): number {
  if (deadline === Infinity) return serverLimits.patienceMs;
  return Math.min(serverLimits.longestWaitMs, Math.max(0, answerBy(deadline, wall, MARGIN_MS) - wall));
}

function late({ what, domain }: Awaited, ms: number): SidegateError {
  const time = `in ${Math.round(ms)} ms`;
  if (what === "verdict") return new SidegateError("SG3304", `the operator has not said ${time} who asks`);
  return new SidegateError("SG3002", `the first policy of domain ${quote(domain)} has not come ${time}`);
}
