/**
 * Has the authority rotated in time. Only the leader does it, within one term.
 *
 *   resting    until something is due, an hour at most (the clock may be set), or the Secret changes
 *   rotating   the Secret is being written
 *   ended      the term is over
 *
 * What fails is tried again after half a minute; a conflict brings a change of the Secret with it.
 */

import type { Logger } from "pino";
import { messageOf } from "../../engine/errors/message-of.ts";
import type { Clock } from "../../host/clock.ts";
import type { Duty } from "../duty.ts";
import type { KubeApi } from "../kube/kube-api.ts";
import type { AuthorityKeeper } from "./authority-keeper.ts";

export interface RotationDutyOptions {
  readonly keeper: Pick<AuthorityKeeper, "rotate" | "subscribe">;
  /** Ends with the leader's term. */
  readonly api: KubeApi;
  readonly clock: Clock;
  readonly logger: Logger;
}

const RETRY_MS = 30_000;
const LONGEST_MS = 60 * 60_000;
/** What is written comes back as a change: looking at once would only be a second look. */
const SHORTEST_MS = 1_000;

export class RotationDuty implements Duty {
  readonly #options: RotationDutyOptions;
  #unsubscribe: () => void = () => {};
  #cancel: () => void = () => {};
  #rotating: Promise<void> | undefined;
  #hasEnded = false;

  constructor(options: RotationDutyOptions) {
    this.#options = options;
  }

  start(): void {
    this.#unsubscribe = this.#options.keeper.subscribe(() => this.#restFor(SHORTEST_MS));
    this.#look();
  }

  async drain(): Promise<void> {
    this.#hasEnded = true;
    this.#unsubscribe();
    this.#cancel();
    await this.#rotating;
  }

  #look(): void {
    this.#rotating ??= this.#rotate().finally(() => {
      this.#rotating = undefined;
    });
  }

  /** Never rejects. */
  async #rotate(): Promise<void> {
    const { keeper, api, clock, logger } = this.#options;
    try {
      const nextAt = await keeper.rotate(api);
      this.#restFor(Math.max(SHORTEST_MS, nextAt - clock.wallTime()));
    } catch (error) {
      if (this.#hasEnded) return;
      logger.warn(
        { error: messageOf(error), waitMs: RETRY_MS },
        "Could not rotate the authority; trying again",
      );
      this.#restFor(RETRY_MS);
    }
  }

  #restFor(ms: number): void {
    this.#cancel();
    if (this.#hasEnded) return;
    this.#cancel = this.#options.clock.after(Math.min(ms, LONGEST_MS), () => this.#look());
  }
}
