/**
 * Which changes are effective: known to the leader in one term.
 *
 *   An object's change is  read       seen; not in the leader's book yet
 *                          waiting    in the book; somebody who may decide lacks it
 *                          effective  everybody who may decide has it. Stays so; the status of the object remembers it per
 *                                     generation, for leaders to come
 *
 * Nothing is effective before the reports of all replicas, as they are stored, have been read in this term: whoever they
 * name is waited for, with a full bound.
 */
import type { Kind, SidegateObject } from "../../engine/model/objects.generated.ts";
import { kinds } from "../../engine/model/objects.generated.ts";
import { type ObjectKey, objectKey } from "../../engine/model/references.ts";
import { isTerminating } from "../../engine/model/world.ts";
import type { Clock } from "../../host/clock.ts";
import type { Domains, ObjectChange } from "../domains.ts";
import type { Fleet } from "../fleet/fleet.ts";
import type { OwnReports } from "../fleet/own-reports.ts";
import type { PolicyBook } from "../policy-book.ts";
import type { LiveReplicas } from "../replica/live-replicas.ts";
import { type Awaited, DomainStanding } from "./domain-standing.ts";
import { isLatched } from "./latch.ts";
import { Publications } from "./publications.ts";
import type { ReplicaReport } from "./replica-report.ts";

/** What the other replicas say. */
export interface ReportFeed {
  /** The last report of each replica, this one's included. */
  reports(): Iterable<ReplicaReport>;
  /** Reads all reports as they are stored now, so that none is older than the call. */
  refresh(): Promise<void>;
  /** Calls `listener` with each report that comes, and with the name of a replica whose report went. */
  subscribe(listener: (report: ReplicaReport | string) => void): () => void;
}

export interface NamedObject {
  readonly kind: Kind;
  readonly name: string;
}

export interface EffectiveOptions {
  readonly domains: Pick<Domains, "names" | "worldOf">;
  readonly book: PolicyBook;
  readonly fleet: Fleet;
  readonly own: OwnReports;
  /** Absent: this is the only replica. */
  readonly others?: { readonly replicas: LiveReplicas; readonly feed: ReportFeed } | undefined;
  readonly clock: Clock;
  /** Told of objects about which there is something new to say. */
  readonly onNews: (domain: string, objects: readonly NamedObject[]) => void;
  /** Told of objects whose change is not effective after 30 s, and whom it waits for. */
  readonly onLate: (domain: string, objects: readonly NamedObject[], awaited: readonly Awaited[]) => void;
  /** Told when how far a domain's policy has come has changed, at most once a second. */
  readonly onProgress: (domain: string) => void;
}

/** How far the change of an object has come. */
export type Progress =
  | { readonly isEffective: true; readonly hasSidecars: boolean }
  | { readonly isEffective: false; readonly forMs: number; readonly awaited: readonly Awaited[] };

/** How far a domain's policy has come. */
export interface DomainProgress {
  readonly live: number;
  readonly current: number;
  readonly awaited: readonly Awaited[];
}

interface Change {
  readonly since: number;
  /** In which publication it is; undefined: in none yet. */
  publication: number | undefined;
  /** It is not the object that changed, but what it needs to count. */
  readonly isRestart: boolean;
}

interface Entry {
  readonly publications: Publications;
  readonly standing: DomainStanding;
  readonly changes: Map<ObjectKey, Change>;
  /** Changes that are in a publication, the oldest first. */
  waiting: { readonly publication: number; readonly key: ObjectKey; readonly since: number }[];
  barriers: { readonly publication: number; readonly then: () => void }[];
  /** Of the waiting, those up to this time were told to be late. */
  lateUntil: number;
  reached: number;
  live: number;
  current: number;
  isTold: boolean;
  cancelNext: () => void;
  cancelLate: () => void;
  cancelProgress: () => void;
}

/** Reports and acknowledgements that come together are judged together. */
const TOGETHER_MS = 5;
const LATE_MS = 30_000;
const PROGRESS_MS = 1_000;
const RETRY_MS = 1_000;

export class Effective {
  readonly #options: EffectiveOptions;
  readonly #entries = new Map<string, Entry>();
  readonly #due = new Set<string>();
  readonly #ends: (() => void)[] = [];
  #live: ReadonlySet<string>;
  #isInformed: boolean;
  #cancelJudge: (() => void) | undefined;
  #cancelRetry: () => void = () => {};
  #isStopped = false;

  constructor(options: EffectiveOptions) {
    this.#options = options;
    this.#isInformed = options.others === undefined;
    this.#live = this.#present();
  }

  /** Begins a term: whatever no status says to be effective is looked at. */
  start(): void {
    const { domains, fleet, others } = this.#options;
    for (const domain of domains.names()) this.#entry(domain);
    this.#ends.push(fleet.subscribe((domain) => this.#judgeSoon(domain)));
    if (others === undefined) return;
    this.#ends.push(
      others.feed.subscribe((news) => this.#heard(news)),
      others.replicas.onChange(() => this.#recount()),
    );
    this.#recount();
  }

  stop(): void {
    this.#isStopped = true;
    for (const end of this.#ends) end();
    this.#cancelJudge?.();
    this.#cancelRetry();
    for (const { cancelNext, cancelLate, cancelProgress } of this.#entries.values()) {
      cancelNext();
      cancelLate();
      cancelProgress();
    }
  }

  /** Takes note of a change, before it is published. */
  changed({ domain, kind, name, after, isContent }: ObjectChange): void {
    const entry = this.#entry(domain);
    const key = objectKey(kind, name);
    if (!isContent) {
      const isDone = after !== undefined && isLatched(after) && this.#isReached(entry, key);
      if (isDone) entry.changes.delete(key);
      return;
    }
    if (after === undefined) {
      entry.changes.delete(key);
      const resourceVersion = this.#options.book.current(domain)?.position[kind] ?? "0";
      entry.publications.read({ kind, resourceVersion, isBeyond: true, onPublished: () => {} });
      return;
    }
    const resourceVersion = after.metadata.resourceVersion ?? "0";
    const onPublished = isLatched(after) ? () => {} : this.#track(entry, key, false);
    entry.publications.read({ key, kind, resourceVersion, isBeyond: false, onPublished });
  }

  /** Takes note of what stands in the book. */
  published(domain: string): void {
    const policy = this.#options.book.current(domain);
    if (policy === undefined) return;
    this.#entry(domain).publications.publish(policy);
    this.#judgeSoon(domain);
  }

  /** How far the last change of an object has come. */
  of(domain: string, { kind, metadata }: SidegateObject): Progress {
    const entry = this.#entry(domain);
    const change = entry.changes.get(objectKey(kind, metadata.name));
    const { publication } = change ?? {};
    const isEffective = change === undefined || (publication !== undefined && publication <= entry.reached);
    if (isEffective && this.#isInformed) return { isEffective, hasSidecars: entry.live > 0 };
    const forMs = this.#options.clock.now() - (change?.since ?? Number.NEGATIVE_INFINITY);
    return { isEffective: false, forMs, awaited: this.#awaited(entry, publication) };
  }

  /** Begins anew with an object that begins to count now, though it has not changed; once, until it is effective. */
  restart(domain: string, { kind, metadata }: SidegateObject): void {
    const entry = this.#entry(domain);
    const key = objectKey(kind, metadata.name);
    if (entry.changes.get(key)?.isRestart) return;
    entry.publications.barrier(this.#track(entry, key, true));
    this.#judgeSoon(domain);
  }

  /** The object counts no more: what `restart` began is not waited for. */
  withdraw(domain: string, { kind, metadata }: SidegateObject): void {
    const key = objectKey(kind, metadata.name);
    const { changes } = this.#entry(domain);
    const change = changes.get(key);
    if (change?.isRestart) changes.set(key, { ...change, isRestart: false });
  }

  /** Calls `then` once all that was read of a domain by now is effective. */
  whenEffective(domain: string, then: () => void): void {
    const entry = this.#entry(domain);
    entry.publications.barrier((publication) => void entry.barriers.push({ publication, then }));
    this.#judgeSoon(domain);
  }

  /** How far a domain's policy has come. */
  progressOf(domain: string): DomainProgress {
    const entry = this.#entry(domain);
    const { live, current } = entry;
    return { live, current, awaited: this.#awaited(entry, entry.publications.last) };
  }

  #track(entry: Entry, key: ObjectKey, isRestart: boolean): (publication: number) => void {
    const since = this.#options.clock.now();
    const change: Change = { since, publication: undefined, isRestart };
    entry.changes.set(key, change);
    return (publication) => {
      change.publication = publication;
      if (entry.changes.get(key) === change) entry.waiting.push({ publication, key, since });
    };
  }

  #isReached(entry: Entry, key: ObjectKey): boolean {
    const change = entry.changes.get(key);
    return change?.publication !== undefined && change.publication <= entry.reached;
  }

  #awaited(entry: Entry, publication: number | undefined): Awaited[] {
    if (publication === undefined) return [];
    return entry.standing.awaited(publication, entry.publications, this.#options.clock.now());
  }

  #entry(domain: string): Entry {
    let entry = this.#entries.get(domain);
    if (entry !== undefined) return entry;
    const { domains, book, clock, others } = this.#options;
    const nothing = () => {};
    entry = {
      ...{ publications: new Publications(), standing: new DomainStanding(), changes: new Map() },
      ...{
        waiting: [],
        barriers: [],
        lateUntil: Number.NEGATIVE_INFINITY,
        reached: 0,
        live: 0,
        current: 0,
        isTold: true,
      },
      ...{ cancelNext: nothing, cancelLate: nothing, cancelProgress: nothing },
    };
    this.#entries.set(domain, entry);
    entry.standing.setReplicas(this.#live, clock.now());
    for (const report of others?.feed.reports() ?? []) {
      if (report.replica !== this.#options.own.replica) {
        entry.standing.report(report, report.domains.get(domain), clock.now());
      }
    }
    const world = domains.worldOf(domain);
    for (const kind of world === undefined ? [] : kinds) {
      for (const object of world?.list(kind) ?? []) {
        if (isLatched(object) && !isTerminating(object)) continue;
        const { name, resourceVersion = "0" } = object.metadata;
        const key = objectKey(kind, name);
        const onPublished = this.#track(entry, key, false);
        entry.publications.read({ key, kind, resourceVersion, isBeyond: false, onPublished });
      }
    }
    const policy = book.current(domain);
    if (policy !== undefined) entry.publications.publish(policy);
    this.#judgeSoon(domain);
    return entry;
  }

  #present(): ReadonlySet<string> {
    const { own, others } = this.#options;
    return new Set([own.replica, ...(others?.replicas.live() ?? [])]);
  }

  /**
   * Takes over which replicas live. One that is gone is gone only after its last report was read: it may name sidecars that
   * have not been heard of.
   */
  #recount(): void {
    const { others } = this.#options;
    if (others === undefined || this.#isStopped) return;
    const now = this.#present();
    this.#setLive(new Set([...this.#live, ...now]));
    if (this.#isInformed && [...this.#live].every((replica) => now.has(replica))) return;
    others.feed.refresh().then(
      () => {
        if (this.#isStopped) return;
        // Others may have gone meanwhile, whose reports may be newer than what was read.
        this.#setLive(new Set([...this.#live].filter((replica) => now.has(replica))));
        this.#isInformed = true;
        for (const domain of this.#entries.keys()) this.#judgeSoon(domain);
      },
      () => {
        this.#cancelRetry();
        this.#cancelRetry = this.#options.clock.after(RETRY_MS, () => this.#recount());
      },
    );
  }

  #setLive(live: ReadonlySet<string>): void {
    this.#live = live;
    const now = this.#options.clock.now();
    for (const [domain, { standing }] of this.#entries) {
      standing.setReplicas(live, now);
      this.#judgeSoon(domain);
    }
  }

  #heard(news: ReplicaReport | string): void {
    const replica = typeof news === "string" ? news : news.replica;
    if (replica === this.#options.own.replica) return;
    const now = this.#options.clock.now();
    for (const [domain, { standing }] of this.#entries) {
      if (typeof news === "string") standing.forget(replica, now);
      else standing.report(news, news.domains.get(domain), now);
      this.#judgeSoon(domain);
    }
  }

  #judgeSoon(domain: string): void {
    if (this.#isStopped) return;
    this.#due.add(domain);
    this.#cancelJudge ??= this.#options.clock.after(TOGETHER_MS, () => {
      this.#cancelJudge = undefined;
      const due = [...this.#due];
      this.#due.clear();
      for (const one of due) this.#judge(one, this.#entry(one));
    });
  }

  #judge(domain: string, entry: Entry): void {
    const { own, clock, onNews } = this.#options;
    const { publications, standing } = entry;
    const now = clock.now();
    const report = own.of(domain);
    standing.report(
      { replica: own.replica, position: report.published.position, domains: new Map() },
      report,
      now,
    );
    const { reached, live, current, next } = standing.judge(publications, now);
    entry.cancelNext();
    if (next !== Number.POSITIVE_INFINITY) {
      entry.cancelNext = clock.after(Math.max(1, next - now), () => this.#judgeSoon(domain));
    }
    const hasMoved = reached > entry.reached || live !== entry.live || current !== entry.current;
    entry.live = live;
    entry.current = current;
    if (!this.#isInformed) return;
    entry.reached = Math.max(entry.reached, reached);
    publications.settle(entry.reached);
    standing.settle(entry.reached);
    standing.prune(now);
    if (hasMoved) this.#tellProgress(domain, entry);
    const passed = entry.barriers.filter(({ publication }) => publication <= entry.reached);
    entry.barriers = entry.barriers.filter(({ publication }) => publication > entry.reached);
    for (const { then } of passed) then();
    const open = entry.waiting.findIndex(({ publication }) => publication > entry.reached);
    const done = entry.waiting.splice(0, open === -1 ? entry.waiting.length : open);
    this.#watchLate(domain, entry);
    if (done.length > 0)
      onNews(
        domain,
        done.map(({ key }) => parseObjectKey(key)),
      );
  }

  #tellProgress(domain: string, entry: Entry): void {
    if (!entry.isTold) return;
    entry.isTold = false;
    entry.cancelProgress = this.#options.clock.after(PROGRESS_MS, () => {
      entry.isTold = true;
      this.#options.onProgress(domain);
    });
  }

  #watchLate(domain: string, entry: Entry): void {
    entry.cancelLate();
    const oldest = entry.waiting.find(({ since }) => since > entry.lateUntil);
    if (oldest === undefined) return;
    const { clock, onLate, onNews } = this.#options;
    entry.cancelLate = clock.after(oldest.since + LATE_MS - clock.now(), () => {
      const until = clock.now() - LATE_MS;
      const late = entry.waiting.filter(({ since }) => since > entry.lateUntil && since <= until);
      entry.lateUntil = until;
      const objects = late.map(({ key }) => parseObjectKey(key));
      if (late[0] !== undefined) onLate(domain, objects, this.#awaited(entry, late[0].publication));
      onNews(domain, objects);
      this.#watchLate(domain, entry);
    });
  }
}

function parseObjectKey(key: ObjectKey): NamedObject {
  const slash = key.indexOf("/");
  return { kind: key.slice(0, slash) as Kind, name: key.slice(slash + 1) };
}
