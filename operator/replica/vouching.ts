/**
 * Whether this replica may say of its policies that they are current.
 *
 *   joining      not counted by the leader yet; nothing was read before it is
 *   vouching     counted, and all is read that was written before it was
 *   suspended    its Lease lapsed
 *   catching up  counted again; what was written meanwhile may not have been read
 *
 *   joining -> vouching -> suspended -> catching up -> vouching; catching up -> suspended
 */

import { type Clock, pause } from "../../host/clock.ts";

/** Whether a replica may vouch for its policies. */
export interface Vouching {
  readonly isVouching: boolean;
  /** Calls `listener` with each change, in the same turn. Returns the way to end it. */
  subscribe(listener: (isVouching: boolean) => void): () => void;
  /** Gives the right back; by then no sidecar is served any more. */
  leave(): Promise<void>;
}

export interface VouchingStateOptions {
  /** Resolves when all is read that was written before the call, or the signal is aborted. */
  readonly catchUp: (signal: AbortSignal) => Promise<void>;
  readonly clock: Clock;
}

export class VouchingState {
  readonly #options: VouchingStateOptions;
  readonly #listeners = new Set<(isVouching: boolean) => void>();
  readonly joined: Promise<void>;
  #isJoined = false;
  #becomeJoined: () => void = () => {};
  #catchingUp: AbortController | undefined;
  #isVouching = false;

  constructor(options: VouchingStateOptions) {
    this.#options = options;
    this.joined = new Promise((resolve) => {
      this.#becomeJoined = resolve;
    });
  }

  get isVouching(): boolean {
    return this.#isVouching;
  }

  subscribe(listener: (isVouching: boolean) => void): () => void {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }

  /** The state of the replica's Lease. */
  observe(state: "joined" | "lapsed"): void {
    this.stop();
    if (state === "lapsed") this.#set(false);
    else if (this.#isJoined) void this.#catchUp();
    else {
      this.#isJoined = true;
      this.#becomeJoined();
      this.#set(true);
    }
  }

  stop(): void {
    this.#catchingUp?.abort();
    this.#catchingUp = undefined;
  }

  async #catchUp(): Promise<void> {
    const { clock, catchUp } = this.#options;
    const abort = new AbortController();
    this.#catchingUp = abort;
    // A turn later, so that nobody is called back while the Lease is being dealt with.
    await pause(clock, 0, abort.signal);
    await catchUp(abort.signal);
    if (!abort.signal.aborted) this.#set(true);
  }

  #set(isVouching: boolean): void {
    if (this.#isVouching === isVouching) return;
    this.#isVouching = isVouching;
    for (const listener of [...this.#listeners]) listener(isVouching);
  }
}
