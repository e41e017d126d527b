import { LRUCache } from "lru-cache";
import type { Logger } from "pino";
import { messageOf } from "../../../engine/errors/message-of.ts";
import { SidegateError } from "../../../engine/errors/sidegate-error.ts";
import type { Clock } from "../../../host/clock.ts";

/** How long the same trouble with the same peer is not written down again, in milliseconds. */
const QUIET_MS = 600_000;
/** Peers that are kept apart; one that is pushed out is written down again. */
const PEERS = 1_024;

/** Writes down with whom a stream ended and why: once, however often a peer tries again. */
export class RefusalLog {
  readonly #clock: Clock;
  readonly #logger: Logger;
  readonly #known = new LRUCache<string, { at: number; times: number }>({ max: PEERS });

  constructor(clock: Clock, logger: Logger) {
    this.#clock = clock;
    this.#logger = logger;
  }

  /**
   * @param who what tells the peer from others, as far as it is known
   * @param facts what is written down of it
   */
  report(who: string, error: unknown, facts: object, message: string): void {
    const code = error instanceof SidegateError ? error.code : undefined;
    const key = `${message} ${code} ${who}`;
    const now = this.#clock.now();
    const known = this.#known.get(key);
    if (known !== undefined && now - known.at < QUIET_MS) {
      known.times++;
      return;
    }
    this.#known.set(key, { at: now, times: 1 });
    const before = known && known.times > 1 ? { times: known.times } : {};
    // What is registered says all that a person needs; a stack is for defects.
    const what = code === undefined ? { err: error } : { code, error: messageOf(error) };
    this.#logger.warn({ ...facts, ...what, ...before }, message);
  }
}
