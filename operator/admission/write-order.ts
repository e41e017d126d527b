/**
 * Lets writes of a domain be judged one after the other, each by a world that has the one before it, as far as this replica can
 * tell: what was admitted reaches its watch some milliseconds later.
 *
 *   free      the next write is judged at once
 *   judging   one is being judged; others wait
 *   waiting   one was admitted and is not seen yet: the next waits until it is, 250 ms at most, since what was admitted
 *             here may have been refused elsewhere
 *
 * Two replicas know nothing of each other's writes: see docs/explanation/admission.md for what becomes of a race.
 */

import type { Kind, SidegateObject } from "../../engine/model/objects.generated.ts";
import { compareResourceVersions } from "../../engine/model/position.ts";
import type { World } from "../../engine/model/world.ts";
import { type Clock, pause } from "../../host/clock.ts";
import { Semaphore } from "../../host/semaphore.ts";

export interface WriteOrderOptions {
  readonly clock: Clock;
  readonly worldOf: (domain: string) => World | undefined;
}

/** How long the next write waits for one that was admitted. */
const HOLD_MS = 250;
/** How long a write waits for the version of its object that it replaces. */
const CATCH_UP_MS = 500;
/** How often it is looked. */
const LOOK_MS = 3;

interface Admitted {
  readonly kind: Kind;
  readonly name: string;
  /** The resourceVersion that the world had of it; undefined: none. */
  readonly before: string | undefined;
  readonly until: number;
}

export class WriteOrder {
  readonly #options: WriteOrderOptions;
  readonly #turns = new Map<string, Semaphore>();
  readonly #admitted = new Map<string, Admitted>();

  constructor(options: WriteOrderOptions) {
    this.#options = options;
  }

  /** Runs a task when the writes before it are judged and seen. */
  async run<T>(domain: string, signal: AbortSignal, task: () => Promise<T>): Promise<T> {
    let turns = this.#turns.get(domain);
    if (turns === undefined) this.#turns.set(domain, (turns = new Semaphore(1)));
    return turns.run(async () => {
      signal.throwIfAborted();
      const { clock } = this.#options;
      const last = this.#admitted.get(domain);
      if (last !== undefined)
        await this.#until(() => clock.now() >= last.until || this.#isSeen(domain, last), signal);
      this.#admitted.delete(domain);
      signal.throwIfAborted();
      return task();
    });
  }

  /** Says that a write was admitted, and is about to be stored. To be called by the task. */
  admitted(domain: string, kind: Kind, name: string): void {
    const { clock, worldOf } = this.#options;
    const before = worldOf(domain)?.get(kind, name)?.metadata.resourceVersion;
    this.#admitted.set(domain, { kind, name, before, until: clock.now() + HOLD_MS });
  }

  /**
   * Resolves when this replica has seen the version of an object that a write replaces, and with it all that was stored of its
   * kind before; or when that takes too long, as when the replica is behind.
   */
  async seen(domain: string, old: SidegateObject, signal: AbortSignal): Promise<void> {
    const { clock } = this.#options;
    const { kind, metadata } = old;
    const wanted = metadata.resourceVersion ?? "0";
    const until = clock.now() + CATCH_UP_MS;
    const isSeen = () => {
      const known = this.#options.worldOf(domain)?.get(kind, metadata.name)?.metadata.resourceVersion;
      return clock.now() >= until || (known !== undefined && compareResourceVersions(known, wanted) >= 0);
    };
    await this.#until(isSeen, signal);
  }

  #isSeen(domain: string, { kind, name, before }: Admitted): boolean {
    return this.#options.worldOf(domain)?.get(kind, name)?.metadata.resourceVersion !== before;
  }

  async #until(isDone: () => boolean, signal: AbortSignal): Promise<void> {
    while (!isDone() && !signal.aborted) await pause(this.#options.clock, LOOK_MS, signal);
  }
}
