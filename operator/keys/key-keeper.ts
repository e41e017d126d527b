/**
 * Keeps the keys of TokenPolicies whose issuers publish them.
 *
 *   A policy is  unfollowed  unknown here, or its keys are its own
 *                fetching    its issuer is being asked, or will be as soon as fewer others are
 *                resting     the next fetch is due in a while: after the time for which the answer may be used, or after a
 *                            wait that doubles with each failure
 *
 *   unfollowed -> fetching (follow) -> resting (answer or failure) -> fetching (due)
 *   fetching, resting -> fetching (another address), -> unfollowed (gone, or keys of its own)
 *
 * What an issuer says replaces what it said before, be it no key at all; what can not be reached, or is no key set, changes
 * nothing: the keys fetched last stay.
 */

import type { Logger } from "pino";
import { messageOf } from "../../engine/errors/message-of.ts";
import { type Clock, pause } from "../../host/clock.ts";
import { Semaphore } from "../../host/semaphore.ts";
import { Backoff } from "../kube/backoff.ts";
import { type FetchedKeys, type FetchKeys, KeyFetchError } from "./fetch-keys.ts";

/** What is known of the keys at an address. */
export interface KeyState {
  readonly address: string;
  /** What was fetched last, and when, in milliseconds since 1970. */
  readonly fetched: (FetchedKeys & { readonly at: number }) | undefined;
  /** Why the last fetch failed, and since when fetches have; undefined: it did not. */
  readonly failure: KeyFailure | undefined;
}

export interface KeyFailure {
  readonly reason: KeyFetchError["reason"];
  readonly detail: string;
  /** Milliseconds since 1970. */
  readonly since: number;
}

export interface KeyKeeperOptions {
  readonly fetch: FetchKeys;
  readonly clock: Clock;
  /** Uniform in [0, 1). */
  readonly random: () => number;
  readonly logger: Logger;
  /** Told when `stateOf` says something new of a policy. */
  readonly onNews: (domain: string, name: string) => void;
}

/** Between two fetches, unless the issuer says how long its answer may be used: then that, within these bounds. */
const REFRESH_MS = 5 * 60_000;
const [LEAST_MS, MOST_MS] = [60_000, 60 * 60_000];
/** A rest is stretched by up to this share, so that not all are due at once. */
const JITTER = 0.1;
const RETRY = {
  firstMs: 2_000,
  maxMs: REFRESH_MS,
  jitter: JITTER,
  resetMs: Number.POSITIVE_INFINITY,
} as const;
const MOST_AT_A_TIME = 8;

interface Entry {
  readonly domain: string;
  readonly name: string;
  readonly ended: AbortController;
  state: KeyState;
}

export class KeyKeeper {
  readonly #options: KeyKeeperOptions;
  readonly #entries = new Map<string, Entry>();
  readonly #semaphore = new Semaphore(MOST_AT_A_TIME);
  #isStopped = false;

  constructor(options: KeyKeeperOptions) {
    this.#options = options;
  }

  /** Says where the keys of a policy are from now on; undefined: nowhere, or it is gone. */
  follow(domain: string, name: string, address: string | undefined): void {
    const key = keyOf(domain, name);
    const known = this.#entries.get(key);
    if (this.#isStopped || known?.state.address === address) return;
    known?.ended.abort();
    this.#entries.delete(key);
    if (address === undefined) return;
    const state = { address, fetched: undefined, failure: undefined };
    const entry = { domain, name, ended: new AbortController(), state };
    this.#entries.set(key, entry);
    void this.#run(entry);
  }

  /** What is known of a policy's keys, or undefined if it is not followed. */
  stateOf(domain: string, name: string): KeyState | undefined {
    return this.#entries.get(keyOf(domain, name))?.state;
  }

  /** Fetches nothing any more. */
  stop(): void {
    this.#isStopped = true;
    for (const { ended } of this.#entries.values()) ended.abort();
    this.#entries.clear();
  }

  async #run(entry: Entry): Promise<void> {
    const { clock, random } = this.#options;
    const { signal } = entry.ended;
    let backoff = this.#newBackoff();
    while (!signal.aborted) {
      const fetched = await this.#semaphore.run(() => this.#fetch(entry));
      // Ended meanwhile: what came is nobody's any more.
      if (signal.aborted) return;
      const failure = this.#take(entry, fetched);
      if (failure === undefined) backoff = this.#newBackoff();
      const ms =
        failure === undefined ? restOf(fetched as FetchedKeys) * (1 + JITTER * random()) : backoff.next();
      if (failure !== undefined) this.#warn(entry, failure, ms);
      await pause(clock, ms, signal);
    }
  }

  /** Never rejects. */
  async #fetch({ state, ended }: Entry): Promise<FetchedKeys | KeyFetchError> {
    try {
      ended.signal.throwIfAborted();
      return await this.#options.fetch(state.address, ended.signal);
    } catch (error) {
      return error instanceof KeyFetchError ? error : new KeyFetchError("Unreachable", messageOf(error));
    }
  }

  /** Takes note of how a fetch ended. @returns the failure if it is one */
  #take(entry: Entry, result: FetchedKeys | KeyFetchError): KeyFailure | undefined {
    const { logger, clock, onNews } = this.#options;
    const { domain, name, state: before } = entry;
    const at = clock.wallTime();
    if (result instanceof KeyFetchError) {
      const { reason, message: detail } = result;
      const failure = { reason, detail, since: before.failure?.since ?? at };
      entry.state = { ...before, failure };
      if (before.failure?.reason !== reason || before.failure.detail !== detail) onNews(domain, name);
      return failure;
    }
    entry.state = { address: before.address, fetched: { ...result, at }, failure: undefined };
    const isNew = before.fetched?.jwks !== result.jwks;
    if (isNew || before.failure !== undefined) {
      const { count, ignored } = result;
      logger.info(
        { domain, name, address: before.address, keys: count, ignored: ignored.length },
        "Fetched keys",
      );
      onNews(domain, name);
    }
    return undefined;
  }

  #warn({ domain, name, state }: Entry, { reason, detail }: KeyFailure, ms: number): void {
    const facts = { domain, name, address: state.address, reason, error: detail, waitMs: Math.round(ms) };
    this.#options.logger.warn(facts, "Keys can not be fetched");
  }

  /** It is a success that begins anew, not the time. */
  #newBackoff(): Backoff {
    const { clock, random } = this.#options;
    return new Backoff({ ...RETRY, now: () => clock.now(), random });
  }
}

function restOf({ maxAgeMs = REFRESH_MS }: FetchedKeys): number {
  return Math.min(MOST_MS, Math.max(LEAST_MS, maxAgeMs));
}

/** Neither a namespace nor a name holds a slash. */
function keyOf(domain: string, name: string): string {
  return `${domain}/${name}`;
}
