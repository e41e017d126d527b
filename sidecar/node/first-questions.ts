/**
 * Calls whose answer needs what is not there yet: what the operator says of a caller, or the first policy of a domain.
 *
 * Each waits until just before its own caller gives up, so that the caller learns what was waited for. What it waits for is
 * shared with others and bound to no call: it goes on when the caller has gone, and so does what comes after it, so that the
 * next question finds it there.
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

/**
 * Finds an answer; says what it is going to wait for each time before it does.
 *
 * @param call the same call, whose signal also aborts when it has got its error
 */
export type FindAnswer<T> = (call: Call, awaits: (awaited: Awaited) => void) => Promise<T>;

/** More than elsewhere: an operator that is slow to say who asks is on a machine that is slow to pass the error on. */
const MARGIN_MS = 500;

export class FirstQuestions {
  readonly #clock: Clock;
  readonly #most: number;
  #underWay = 0;

  /** @param most at a time, with those whose callers have given up */
  constructor(clock: Clock, most: number = serverLimits.waiters) {
    this.#clock = clock;
    this.#most = most;
  }

  /**
   * Rejects with SG3304 where the operator does not say in time who asks, and where too many wait; with SG3002 where a policy
   * does not come in time; and with the reason of the call's signal.
   */
  async answer<T>(call: Call, find: FindAnswer<T>): Promise<T> {
    if (this.#underWay >= this.#most)
      throw new SidegateError("SG3304", `${this.#underWay} other calls wait for their first answer`);
    this.#underWay++;
    const givenUp = new AbortController();
    let awaited: Awaited = { what: "verdict", domain: "" };
    const { deadline, authorization } = call;
    const answer = find({ deadline, authorization, signal: givenUp.signal }, (next) => {
      awaited = next;
    }).finally(() => {
      this.#underWay--;
    });

    const over = Promise.withResolvers<never>();
    const giveUp = (reason: unknown) => {
      over.reject(reason);
      givenUp.abort(reason);
    };
    const ms = patienceMs(deadline, this.#clock.wallTime());
    const cancel = this.#clock.after(ms, () => giveUp(late(awaited, ms)));
    const gone = () => giveUp(call.signal.reason);
    if (call.signal.aborted) gone();
    call.signal.addEventListener("abort", gone);
    try {
      return await Promise.race([answer, over.promise]);
    } finally {
      cancel();
      call.signal.removeEventListener("abort", gone);
    }
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
