/**
 * Holds back changes that take away suspiciously much at once (AccessDomain, spec.guard). It stands between what compiles
 * and the book.
 *
 * A domain is  unguarded  it has no guard: what is compiled is published
 *              open       so it is, and what stood in the book within the last minute is remembered
 *              held       the policy in the book stays, with its position; urgent deletions alone are taken out of it
 *
 *   unguarded -> open   the published settings have a guard
 *   open -> held        the compiled policy lacks more than maxRevokedPercent of the grants of a minute ago
 *   unguarded -> held   at the start of this process, where the AccessDomain's status says that a policy is held: then the
 *                       policy in use can be confirmed, but it is not known, so nobody new is given it
 *   held -> open        the AccessDomain is annotated with the held revision, the changes were taken back, so many grants
 *                       came back that the rest is no longer too much, the namespace is being deleted, or the leader did not
 *                       hold what this replica holds
 *
 * INVARIANT: while a domain is held nothing that is compiled from its objects reaches the book but the policy that was
 * there, less what was deleted as urgent. So no grant can be added, and no Deny rule or constraint be taken away.
 */

import type { Logger } from "pino";
import type { CompiledPolicy } from "../../engine/compile/compiled-policy.ts";
import { RevocationCounter } from "../../engine/guard/revocation-counter.ts";
import { DOMAIN_NAME } from "../../engine/model/domain-settings.ts";
import type { AccessDomain } from "../../engine/model/objects.generated.ts";
import type { ObjectKey } from "../../engine/model/references.ts";
import type { World } from "../../engine/model/world.ts";
import { loadCompiled } from "../../engine/policy/load-compiled.ts";
import type { Policy } from "../../engine/policy/policy.ts";
import type { Clock } from "../../host/clock.ts";
import type { ObjectChange } from "../domains.ts";
import type { Publisher } from "../vouched-book.ts";
import { type Hold, isTooMuch, RELEASE_ANNOTATION, releases } from "./hold.ts";
import { inheritedHold } from "./inherited-hold.ts";
import { RecentPolicies } from "./recent-policies.ts";
import { UnreleasedChanges } from "./unreleased-changes.ts";

export interface GuardOptions {
  readonly book: Publisher;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly worldOf: (domain: string) => World | undefined;
  /** Whether this replica writes statuses; the others follow what the leader holds. */
  readonly isLeader: () => boolean;
  /** Whether a namespace is being deleted. */
  readonly isTerminating: (namespace: string) => Promise<boolean>;
}

/** How long a replica holds what its leader does not, in milliseconds. */
const UNCONFIRMED_MS = 30_000;

interface GuardedDomain {
  readonly recent: RecentPolicies;
  readonly changes: UnreleasedChanges;
  /** As the policy in the book says; undefined: unguarded. */
  maxRevokedPercent: number | undefined;
  /** What was compiled last. */
  candidate: CompiledPolicy;
  hold: Hold | undefined;
  /** Urgent deletions that the policy in the book is without. */
  urgent: ReadonlySet<ObjectKey>;
  cancelDoubt: () => void;
}

export class Guard implements Publisher {
  readonly #options: GuardOptions;
  readonly #counter = new RevocationCounter();
  readonly #domains = new Map<string, GuardedDomain>();
  readonly #listeners = new Set<(domain: string) => void>();

  constructor(options: GuardOptions) {
    this.#options = options;
  }

  /** What is held back in a domain. */
  holdOf(domain: string): Hold | undefined {
    return this.#domains.get(domain)?.hold;
  }

  /**
   * Calls `listener` with a domain when what is held there, or its numbers, changed. It must not throw. Returns the way to
   * end it.
   */
  subscribe(listener: (domain: string) => void): () => void {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }

  /** Takes note of a change, before the policy with it is published. */
  changed(change: ObjectChange): void {
    const entry = this.#domains.get(change.domain);
    if (entry?.maxRevokedPercent !== undefined) entry.changes.note(change);
  }

  /** What was compiled last, whether it stands in the book or not. */
  current(domain: string): CompiledPolicy | undefined {
    return this.#domains.get(domain)?.candidate ?? this.#options.book.current(domain);
  }

  publish(policy: CompiledPolicy): void {
    const { domain } = policy;
    const entry = this.#domains.get(domain);
    if (entry === undefined) {
      this.#first(policy);
      return;
    }
    const isNew = entry.candidate.revision !== policy.revision;
    entry.candidate = policy;
    if (entry.hold !== undefined) this.#judgeHeld(entry, entry.hold);
    else if (entry.maxRevokedPercent === undefined || !isNew) this.#pass(entry);
    else this.#judge(entry, entry.maxRevokedPercent);
  }

  remove(domain: string): void {
    this.#options.book.remove(domain);
  }

  stop(): void {
    for (const { cancelDoubt } of this.#domains.values()) cancelDoubt();
  }

  #first(policy: CompiledPolicy): void {
    const { domain } = policy;
    const hold = inheritedHold(this.#settings(domain), policy.revision);
    const entry: GuardedDomain = {
      recent: new RecentPolicies(),
      changes: new UnreleasedChanges(),
      maxRevokedPercent: undefined,
      candidate: policy,
      hold,
      urgent: new Set(),
      cancelDoubt: () => {},
    };
    this.#domains.set(domain, entry);
    if (hold === undefined) {
      this.#pass(entry);
      return;
    }
    this.#options.book.publish({ domain, ...hold.released, shards: [], isConfirmedOnly: true });
    this.#options.logger.warn({ domain, held: hold.revision }, "A policy was held when this process started");
    this.#judgeHeld(entry, hold);
  }

  #judge(entry: GuardedDomain, maxRevokedPercent: number): void {
    const { clock, logger, book } = this.#options;
    const { candidate, recent } = entry;
    const { domain, revision } = candidate;
    const baseline = recent.baseline(clock.now());
    const released = book.current(domain);
    if (baseline === undefined || released === undefined) {
      this.#pass(entry);
      return;
    }
    const { total, revoked } = this.#count(baseline, entry);
    if (!isTooMuch(total, revoked, maxRevokedPercent)) {
      this.#pass(entry);
      return;
    }
    const { epoch, position } = released;
    entry.hold = {
      ...{ revision, total, revoked, maxRevokedPercent },
      released: { revision: released.revision, epoch, position },
      isInherited: false,
    };
    logger.error({ domain, revision, total, revoked, maxRevokedPercent }, "Holds a policy back");
    entry.cancelDoubt = clock.after(UNCONFIRMED_MS, () => this.#doubt(entry));
    this.#passIfTerminating(entry);
    this.#judgeHeld(entry, entry.hold);
    if (entry.hold !== undefined) this.#tell(domain);
  }

  #judgeHeld(entry: GuardedDomain, hold: Hold): void {
    const { candidate, recent } = entry;
    const { domain, revision } = candidate;
    if (releases(this.#settings(domain)?.metadata.annotations?.[RELEASE_ANNOTATION], revision)) {
      recent.clear();
      this.#release(entry, "It was released by an annotation");
      return;
    }
    if (revision === hold.released.revision) {
      this.#release(entry, "The changes were taken back");
      return;
    }
    const baseline = recent.baseline(Number.NEGATIVE_INFINITY);
    if (baseline === undefined) {
      this.#update(entry, hold, hold);
      return;
    }
    const count = hold.revision === revision ? hold : this.#count(baseline, entry);
    if (!isTooMuch(count.total, count.revoked, hold.maxRevokedPercent)) {
      this.#release(entry, "What is left of the changes is not too much");
      return;
    }
    this.#update(entry, hold, count);
    this.#deliverUrgent(entry);
  }

  #update(entry: GuardedDomain, hold: Hold, { total, revoked }: Pick<Hold, "total" | "revoked">): void {
    const { revision, domain } = entry.candidate;
    if (hold.revision === revision) return;
    entry.hold = { ...hold, revision, total, revoked };
    this.#tell(domain);
  }

  /** Takes objects that were deleted as urgent out of the policy in the book. */
  #deliverUrgent(entry: GuardedDomain): void {
    const { domain } = entry.candidate;
    const { hold, changes } = entry;
    const { worldOf, book, logger } = this.#options;
    const urgent = changes.urgentDeletions();
    const world = worldOf(domain);
    if (hold === undefined || world === undefined || [...urgent].every((key) => entry.urgent.has(key)))
      return;
    const { position, revision } = hold.released;
    // What stands in the book must come out again, or the changes that were noted are not all there were.
    if (changes.compileWith(entry.urgent, world, position).revision !== revision) {
      logger.error({ domain, objects: [...urgent] }, "Can not take urgent deletions out of a held policy");
      return;
    }
    const policy = changes.compileWith(urgent, world, position);
    if (policy.revision === entry.candidate.revision) {
      this.#release(entry, "All that it takes away was deleted as urgent");
      return;
    }
    entry.urgent = urgent;
    const { epoch } = policy;
    entry.hold = { ...hold, released: { revision: policy.revision, epoch, position } };
    book.publish({ ...policy, besides: urgent });
    logger.warn(
      { domain, objects: [...urgent] },
      "Took urgent deletions out of the policy that stays in use",
    );
    this.#tell(domain);
  }

  #release(entry: GuardedDomain, why: string): void {
    const { domain, revision } = entry.candidate;
    entry.hold = undefined;
    entry.cancelDoubt();
    this.#options.logger.warn({ domain, revision, why }, "Releases a policy that was held back");
    this.#pass(entry);
    this.#tell(domain);
  }

  #pass(entry: GuardedDomain): void {
    const { candidate, recent, changes } = entry;
    const { book, clock } = this.#options;
    entry.maxRevokedPercent = this.#settings(candidate.domain)?.spec.guard?.maxRevokedPercent;
    entry.urgent = new Set();
    changes.clear();
    if (entry.maxRevokedPercent === undefined) recent.clear();
    else if (recent.latest?.revision !== candidate.revision)
      recent.add(loadCompiled(candidate, recent.latest), clock.now());
    book.publish(candidate);
  }

  #passIfTerminating(entry: GuardedDomain): void {
    const { isTerminating, logger } = this.#options;
    const { domain } = entry.candidate;
    isTerminating(domain).then(
      (isGoing) => {
        if (isGoing && entry.hold !== undefined) this.#release(entry, "The namespace is being deleted");
      },
      (error: unknown) =>
        logger.warn({ domain, err: error }, "Can not tell whether a namespace is being deleted"),
    );
  }

  /** The leader may have seen the same changes in smaller portions, and let them pass. */
  #doubt(entry: GuardedDomain): void {
    const { domain } = entry.candidate;
    if (entry.hold === undefined || this.#options.isLeader()) return;
    if (this.#settings(domain)?.status?.held === undefined)
      this.#release(entry, "The leader does not hold it");
  }

  #count(baseline: Policy, { candidate, recent }: GuardedDomain) {
    const policy = loadCompiled(candidate, recent.latest);
    return this.#counter.count(baseline, policy, this.#options.clock.wallTime());
  }

  #tell(domain: string): void {
    for (const listener of [...this.#listeners]) listener(domain);
  }

  #settings(domain: string): AccessDomain | undefined {
    return this.#options.worldOf(domain)?.live("AccessDomain", DOMAIN_NAME);
  }
}
