import type { Logger } from "pino";
import type { Fleet } from "../../fleet/fleet.ts";
import type { PolicyBook } from "../../policy-book.ts";
import type { Signer } from "../../trust/signer.ts";
import type { DomainPush, Instant, Step } from "./domain-push.ts";
import { encodeBehind, encodeChunk, encodeCommit, encodeProgress } from "./messages.ts";

export interface PushRotaOptions {
  readonly pushes: readonly DomainPush[];
  readonly book: PolicyBook;
  readonly fleet: Fleet;
  readonly logger: Logger;
  /** Undefined: what is said of policies is not signed. */
  readonly signer: Signer | undefined;
  /** Told when the sidecar has seen more than this replica. */
  readonly onBehind: (() => void) | undefined;
}

/** What is pushed on one stream: a message of each domain in turn, so that a large policy holds up no other. */
export class PushRota {
  readonly #options: PushRotaOptions;
  /** Whose turn it is. */
  #turn = 0;

  constructor(options: PushRotaOptions) {
    this.#options = options;
  }

  /** Whether no push is under way. */
  get isIdle(): boolean {
    return this.#options.pushes.every((push) => push.outstanding === undefined);
  }

  of(domain: string): DomainPush | undefined {
    return this.#options.pushes.find((push) => push.domain === domain);
  }

  /** A domain whose push stands still. @param now on the monotonic clock */
  stalled(now: number): string | undefined {
    return this.#options.pushes.find((push) => push.stalled(now))?.domain;
  }

  /**
   * The next message, or when there may be one, on the monotonic clock; Infinity: when something changes.
   *
   * @param isDraining whether no push is to begin
   */
  next(at: Instant, isDraining: boolean): Buffer | number {
    const { pushes, book } = this.#options;
    let until = Number.POSITIVE_INFINITY;
    for (let count = 0; count < pushes.length; count++) {
      const push = pushes[this.#turn] as DomainPush;
      this.#turn = (this.#turn + 1) % pushes.length;
      if (isDraining && push.outstanding === undefined) continue;
      const step = push.next(book.current(push.domain), at);
      if (step.kind === "wait") until = Math.min(until, step.until);
      else return this.#encode(push.domain, step, at);
    }
    return until;
  }

  #encode(domain: string, step: Exclude<Step, { kind: "wait" }>, at: Instant): Buffer {
    const { fleet, logger, signer, onBehind } = this.#options;
    switch (step.kind) {
      case "chunk":
        return encodeChunk(domain, step.shard, step.start, step.end);
      case "commit":
        logger.debug({ domain, revision: step.policy.revision }, "Committed a policy");
        return encodeCommit(step.policy, step.issuedAt, signer);
      case "progress":
        return encodeProgress(step.policy, at.wall, signer);
      case "behind":
        logger.warn({ domain }, "Sidecar has seen more than this replica; waiting to catch up");
        fleet.changed(domain);
        onBehind?.();
        return encodeBehind(step.policy);
    }
  }
}
