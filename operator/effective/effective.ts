/**
 * Which changes are effective: known to the leader in one term.
 *
 * What happens is taken note of at once; then, some milliseconds later, the domain is judged: who has what
 * (`domain-standing.ts`), what is effective by that (`domain-changes.ts`), and who is told.
 *
 * Nothing is effective before the reports of all replicas, as they are stored, have been read in this term
 * (`awaited-replicas.ts`): whoever they name is waited for, with a full bound.
 */
import { kinds, type SidegateObject } from "../../engine/model/objects.generated.ts";
import { type NamedObject, objectKey, parseObjectKey } from "../../engine/model/references.ts";
import { isTerminating } from "../../engine/model/world.ts";
import type { Clock } from "../../host/clock.ts";
import type { Domains, ObjectChange } from "../domains.ts";
import type { Fleet } from "../fleet/fleet.ts";
import type { OwnReports } from "../fleet/own-reports.ts";
import type { PolicyBook } from "../policy-book.ts";
import { AwaitedReplicas, type Others } from "./awaited-replicas.ts";
import { DomainChanges, type WaitingChange } from "./domain-changes.ts";
import { type Awaited, DomainStanding } from "./domain-standing.ts";
import { isLatched } from "./latch.ts";
import { LateWatch } from "./late-watch.ts";
import type { ReplicaReport } from "./replica-report.ts";

export interface EffectiveOptions {
  readonly domains: Pick<Domains, "names" | "worldOf">;
  readonly book: PolicyBook;
  readonly fleet: Fleet;
  readonly own: OwnReports;
  /** Absent: this is the only replica. */
  readonly others?: Others | undefined;
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

/** What is known of one domain. */
interface Entry {
  readonly changes: DomainChanges;
  readonly standing: DomainStanding;
  readonly lateWatch: LateWatch;
  live: number;
  current: number;
  /** Whether it was told how far the policy has come. */
  isTold: boolean;
  cancelNext: () => void;
  cancelProgress: () => void;
}

/** Reports and acknowledgements that come together are judged together. */
const TOGETHER_MS = 5;
const PROGRESS_MS = 1_000;

export class Effective {
  readonly #options: EffectiveOptions;
  readonly #replicas: AwaitedReplicas;
  readonly #entries = new Map<string, Entry>();
  readonly #due = new Set<string>();
  readonly #ends: (() => void)[] = [];
  #cancelJudge: (() => void) | undefined;
  #isStopped = false;

  constructor(options: EffectiveOptions) {
    const { own, others, clock } = options;
    this.#options = options;
    this.#replicas = new AwaitedReplicas({
      ...{ own: own.replica, others, clock },
      onChange: () => this.#recounted(),
    });
  }

  /** Begins a term: whatever no status says to be effective is looked at. */
  start(): void {
    const { domains, fleet, others } = this.#options;
    for (const domain of domains.names()) this.#entry(domain);
    this.#ends.push(fleet.subscribe((domain) => this.#judgeSoon(domain)));
    if (others !== undefined) this.#ends.push(others.feed.subscribe((news) => this.#heard(news)));
    this.#replicas.start();
  }

  stop(): void {
    this.#isStopped = true;
    for (const end of this.#ends) end();
    this.#replicas.stop();
    this.#cancelJudge?.();
    for (const { lateWatch, cancelNext, cancelProgress } of this.#entries.values()) {
      lateWatch.stop();
      cancelNext();
      cancelProgress();
    }
  }

  /** Takes note of a change, before it is published. */
  changed({ domain, kind, name, after, isContent }: ObjectChange): void {
    const { book, clock } = this.#options;
    const { changes } = this.#entry(domain);
    if (!isContent) {
      if (after !== undefined && isLatched(after)) changes.latched(objectKey(kind, name));
    } else if (after === undefined) {
      changes.gone(kind, name, book.current(domain)?.position[kind] ?? "0");
    } else changes.read(after, isLatched(after), clock.now());
  }

  /** Takes note of what stands in the book. */
  published(domain: string): void {
    const policy = this.#options.book.current(domain);
    if (policy === undefined) return;
    this.#entry(domain).changes.publications.publish(policy);
    this.#judgeSoon(domain);
  }

  /** How far the last change of an object has come. */
  of(domain: string, { kind, metadata }: SidegateObject): Progress {
    const entry = this.#entry(domain);
    const key = objectKey(kind, metadata.name);
    const isEffective = entry.changes.isEffective(key) && this.#replicas.isInformed;
    if (isEffective) return { isEffective, hasSidecars: entry.live > 0 };
    const { since = Number.NEGATIVE_INFINITY, publication } = entry.changes.of(key) ?? {};
    const forMs = this.#options.clock.now() - since;
    return { isEffective, forMs, awaited: this.#awaited(entry, publication) };
  }

  /** Begins anew with an object that begins to count now, though it has not changed; once, until it is effective. */
  restart(domain: string, { kind, metadata }: SidegateObject): void {
    const { changes } = this.#entry(domain);
    const key = objectKey(kind, metadata.name);
    if (changes.restart(key, this.#options.clock.now())) this.#judgeSoon(domain);
  }

  /** The object counts no more: what `restart` began is not waited for. */
  withdraw(domain: string, { kind, metadata }: SidegateObject): void {
    this.#entry(domain).changes.withdraw(objectKey(kind, metadata.name));
  }

  /** Calls `then` once all that was read of a domain by now is effective. */
  whenEffective(domain: string, then: () => void): void {
    this.#entry(domain).changes.barrier(then);
    this.#judgeSoon(domain);
  }

  /** How far a domain's policy has come. */
  progressOf(domain: string): DomainProgress {
    const entry = this.#entry(domain);
    const { live, current } = entry;
    return { live, current, awaited: this.#awaited(entry, entry.changes.publications.last) };
  }

  #awaited({ standing, changes }: Entry, publication: number | undefined): Awaited[] {
    if (publication === undefined) return [];
    return standing.awaited(publication, changes.publications, this.#options.clock.now());
  }

  #entry(domain: string): Entry {
    const known = this.#entries.get(domain);
    if (known !== undefined) return known;
    const { book, clock } = this.#options;
    const changes = new DomainChanges();
    const waiting = () => changes.waiting;
    const entry: Entry = {
      ...{ changes, standing: new DomainStanding(), live: 0, current: 0, isTold: true },
      lateWatch: new LateWatch({ waiting, clock, onLate: (late) => this.#tellLate(domain, entry, late) }),
      ...{ cancelNext: () => {}, cancelProgress: () => {} },
    };
    this.#entries.set(domain, entry);
    this.#hearAll(domain, entry);
    this.#readAll(domain, entry);
    const policy = book.current(domain);
    if (policy !== undefined) changes.publications.publish(policy);
    this.#judgeSoon(domain);
    return entry;
  }

  /** Takes what the other replicas have said of a domain. */
  #hearAll(domain: string, { standing }: Entry): void {
    const { others, own, clock } = this.#options;
    standing.setReplicas(this.#replicas.live, clock.now());
    for (const report of others?.feed.reports() ?? []) {
      if (report.replica !== own.replica) standing.report(report, report.domains.get(domain), clock.now());
    }
  }

  /** Takes note of all objects that their status does not say to be effective. */
  #readAll(domain: string, { changes }: Entry): void {
    const { domains, clock } = this.#options;
    const world = domains.worldOf(domain);
    for (const kind of world === undefined ? [] : kinds) {
      for (const object of world?.list(kind) ?? []) {
        if (!isLatched(object) || isTerminating(object)) changes.read(object, false, clock.now());
      }
    }
  }

  #recounted(): void {
    const now = this.#options.clock.now();
    for (const [domain, { standing }] of this.#entries) {
      standing.setReplicas(this.#replicas.live, now);
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
    const { changes, standing } = entry;
    const now = clock.now();
    const report = own.of(domain);
    const { position } = report.published;
    standing.report({ replica: own.replica, position, domains: new Map() }, report, now);
    const { reached, live, current, next } = standing.judge(changes.publications, now);
    entry.cancelNext();
    if (next !== Number.POSITIVE_INFINITY) {
      entry.cancelNext = clock.after(Math.max(1, next - now), () => this.#judgeSoon(domain));
    }
    // Where somebody is waited for, who that is and until when may have changed.
    const isBehind = reached < changes.publications.last;
    const hasMoved =
      isBehind || reached > changes.reached || live !== entry.live || current !== entry.current;
    entry.live = live;
    entry.current = current;
    if (!this.#replicas.isInformed) return;
    const { objects, barriers } = changes.settle(reached);
    standing.settle(changes.reached);
    standing.prune(now);
    if (hasMoved) this.#tellProgress(domain, entry);
    for (const then of barriers) then();
    entry.lateWatch.look();
    if (objects.length > 0) onNews(domain, objects);
  }

  #tellProgress(domain: string, entry: Entry): void {
    if (!entry.isTold) return;
    entry.isTold = false;
    entry.cancelProgress = this.#options.clock.after(PROGRESS_MS, () => {
      entry.isTold = true;
      this.#options.onProgress(domain);
    });
  }

  #tellLate(domain: string, entry: Entry, late: readonly WaitingChange[]): void {
    const { onLate, onNews } = this.#options;
    const objects = late.map(({ key }) => parseObjectKey(key));
    if (late[0] !== undefined) onLate(domain, objects, this.#awaited(entry, late[0].publication));
    onNews(domain, objects);
  }
}
