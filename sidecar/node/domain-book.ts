/**
 * The domains that a sidecar of a node serves: each is followed from the first question about it on, and dropped once nobody
 * has asked about it for a while. What was kept on disk stays, for the next time, and counts once the operator confirms it.
 *
 * States of a domain: absent, opening (its directory is taken), followed, closing (the operator is told goodbye). A question
 * about one that is closing waits and opens it again.
 */
import { join } from "node:path";
import { SidegateError } from "../../engine/errors/sidegate-error.ts";
import type { Clock } from "../../host/clock.ts";
import { Follower, type FollowerOptions } from "../follower.ts";

export interface DomainBookOptions extends Omit<FollowerOptions, "domains"> {
  /** Domains at a time. */
  readonly maxDomains: number;
  /** How long a domain is followed that nobody asks about, in milliseconds. */
  readonly idleMs: number;
  /** Told when domains come and go. */
  readonly onChange?: () => void;
}

/** A domain that is followed. */
export interface FollowedDomain {
  readonly follower: Follower;
  /** Whether it has had the time to get a policy; there may be none all the same. */
  readonly isSettled: boolean;
}

interface OpenDomain extends FollowedDomain {
  isSettled: boolean;
  usedAt: number;
}

/**
 * How long questions wait for a first policy, in milliseconds; those that come later are told at once that there is none. Longer
 * than a replica that does not answer takes.
 */
const FIRST_POLICY_MS = 10_000;
const GOODBYE_MS = 1_000;

export class DomainBook {
  readonly #options: DomainBookOptions;
  readonly #open = new Map<string, OpenDomain>();
  readonly #opening = new Map<string, Promise<void>>();
  readonly #closing = new Map<string, Promise<void>>();
  readonly #stopping = new AbortController();
  #cancelSweep: () => void = () => {};

  constructor(options: DomainBookOptions) {
    this.#options = options;
    this.#sweepLater();
  }

  /** The domains that are followed. */
  followed(): ReadonlyMap<string, FollowedDomain> {
    return this.#open;
  }

  /** A domain that somebody asks about; undefined: it is not followed yet. */
  use(domain: string): FollowedDomain | undefined {
    const open = this.#open.get(domain);
    if (open !== undefined) open.usedAt = this.#options.clock.now();
    return open;
  }

  /**
   * Follows a domain; resolves once it has a policy, or when none has come for 10 s. Rejects with SG3305 where there are too
   * many, and SG2203 for a directory that another process has. All who ask meanwhile wait for the same.
   */
  open(domain: string): Promise<void> {
    let opening = this.#opening.get(domain);
    if (opening === undefined) {
      opening = this.#follow(domain).finally(() => this.#opening.delete(domain));
      this.#opening.set(domain, opening);
    }
    return opening;
  }

  /** Opens no more domains, and ends all waiting for policies and positions; those that are followed go on. */
  endWaiting(): void {
    this.#stopping.abort();
    for (const { follower } of this.#open.values()) follower.snapshots.endWaiting();
  }

  /** Leaves all domains. */
  async stop(): Promise<void> {
    this.endWaiting();
    this.#cancelSweep();
    await Promise.allSettled(this.#opening.values());
    for (const domain of [...this.#open.keys()]) this.#drop(domain);
    await Promise.all(this.#closing.values());
  }

  async #follow(domain: string): Promise<void> {
    await this.#closing.get(domain);
    const { maxDomains, directory, name, logger, clock } = this.#options;
    if (this.#stopping.signal.aborted) throw new SidegateError("SG3304", "the sidecar stops");
    let open = this.#open.get(domain);
    if (open === undefined) {
      // Those that are being opened beside this one count as well, and so does this one.
      if (new Set([...this.#open.keys(), ...this.#opening.keys(), domain]).size > maxDomains)
        throw new SidegateError("SG3305", `${maxDomains} domains are in use`);
      const own = directory === undefined ? undefined : join(directory, domain);
      // Each domain has a stream of its own, whose name tells it apart from the others of this pod.
      const follower = await Follower.open({
        ...this.#options,
        domains: [domain],
        directory: own,
        name: `${name}/${domain}`,
      });
      open = { follower, isSettled: false, usedAt: clock.now() };
      this.#open.set(domain, open);
      await follower.follow();
      logger.info({ domain }, "Follows a domain");
      this.#options.onChange?.();
    }
    await firstPolicy(open.follower, clock, this.#stopping.signal);
    open.isSettled = true;
  }

  #drop(domain: string): void {
    const open = this.#open.get(domain);
    if (open === undefined) return;
    this.#open.delete(domain);
    this.#closing.set(
      domain,
      this.#close(open, domain).finally(() => this.#closing.delete(domain)),
    );
    this.#options.onChange?.();
  }

  async #close({ follower }: OpenDomain, domain: string): Promise<void> {
    const { logger } = this.#options;
    follower.snapshots.endWaiting();
    try {
      await follower.leave(GOODBYE_MS);
      await follower.close();
      logger.info({ domain }, "Left a domain");
    } catch (error) {
      logger.warn({ domain, err: error }, "Could not leave a domain in order");
    }
  }

  #sweepLater(): void {
    const { clock, idleMs } = this.#options;
    this.#cancelSweep = clock.after(idleMs / 4, () => {
      const before = clock.now() - idleMs;
      for (const [domain, { usedAt, isSettled }] of this.#open)
        if (isSettled && usedAt <= before) this.#drop(domain);
      this.#sweepLater();
    });
  }
}

/** Resolves when there is a policy that was ever confirmed, after a while, or when the sidecar stops. */
function firstPolicy({ snapshots }: Follower, clock: Clock, stopping: AbortSignal): Promise<void> {
  const isConfirmed = () => [...snapshots.domains()].every((name) => snapshots.contact(name) !== undefined);
  return new Promise((resolve) => {
    if (isConfirmed() || stopping.aborted) return resolve();
    const end = () => {
      if (!isConfirmed() && !isOver && !stopping.aborted) return;
      unsubscribe();
      cancel();
      stopping.removeEventListener("abort", end);
      resolve();
    };
    const unsubscribe = snapshots.subscribe(end);
    let isOver = false;
    const cancel = clock.after(FIRST_POLICY_MS, () => {
      isOver = true;
      end();
    });
    stopping.addEventListener("abort", end);
  });
}
