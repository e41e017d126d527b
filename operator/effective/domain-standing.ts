/**
 * Who may decide by what in one domain, as the leader knows it from the replicas' reports, on its own monotonic clock.
 *
 *   A replica is  live      it may give its policy to somebody new; its sidecars hear from it
 *                 gone      nobody hears from it any more: it had stopped vouching before it counted as gone
 *   A sidecar is  connected listed so by a live replica
 *                 lost      no longer listed, or its replica is gone: it may go on deciding until its staleness bound is over
 *                 elsewhere lost, and connected to another live replica since: what that one says counts
 *                 over      it said goodbye, or its bound is over: it decides nothing any more by what it had
 *
 *   connected -> lost (vanishes from the report) -> over (bound) | elsewhere | connected
 *   connected -> over (goodbye)
 *   Whoever lacks a publication is over for it, too, once all live replicas have had that publication for longer than the
 *   bound: since then no word from anywhere has confirmed anything older.
 *
 * INVARIANT: of what a replica says, one report is judged as a whole. A sidecar's revision speaks for a publication only if
 * the same report shows that the replica had that publication: otherwise it may have pushed something else since.
 */
import type { ActivePolicy } from "../fleet/fleet.ts";
import { Listings } from "./listings.ts";
import type { Publications } from "./publications.ts";
import { reachOfGroup, reachOfReplica } from "./reach.ts";
import type { DomainReport, Laggard, ReplicaReport, SidecarGroup } from "./replica-report.ts";

/** What somebody is waited for, at the latest until when on the monotonic clock; undefined: that depends on it. */
export type Awaited =
  | { readonly replica: string }
  | {
      readonly sidecar: string;
      readonly replica: string;
      readonly isLost: boolean;
      readonly until: number | undefined;
      readonly refused: string | undefined;
    };

/** How far a domain's policy has come. */
export interface Judgement {
  /** Everybody who may decide has the publications up to this number. */
  readonly reached: number;
  /** Sidecars that may decide, and those among them that have the last publication. */
  readonly live: number;
  readonly current: number;
  /** When time alone may change this, on the monotonic clock. */
  readonly next: number;
}

interface Lost {
  /** Since when at the latest it has heard nothing. */
  readonly at: number;
  /** Since when it had been listed as connected. */
  readonly listedAt: number;
  readonly group: SidecarGroup;
  readonly published: ActivePolicy;
  readonly staleMs: number;
}

interface Post {
  isLive: boolean;
  /** When it was found to be gone, if it is. */
  goneAt: number;
  /** undefined: it has reported nothing. */
  published: ActivePolicy | undefined;
  groups: readonly SidecarGroup[];
  readonly connected: Listings;
  readonly lost: Map<string, Lost>;
  laggards: readonly Laggard[];
  staleMs: number;
}

/** Sidecars that may decide, all of them by the same. */
interface Holders {
  readonly replica: string;
  readonly ids: readonly string[];
  /** The last publication that they have. */
  readonly has: number;
  /** Since when at the latest they have heard nothing; Infinity: they are connected. */
  readonly silentAt: number;
  readonly staleMs: number;
  /** When they are over or known to be elsewhere. */
  readonly until: number;
}

/** In which a replica surely notices that a stream is dead: three silent heartbeats, and one for timers. */
const HALF_OPEN_MS = 30_000;

/** Beyond a sidecar's bound, since timers are coarse and clocks do not run alike. */
const SLACK_MS = 1_000;

export class DomainStanding {
  readonly #posts = new Map<string, Post>();
  /** Since when all live replicas have had which publication, oldest first. */
  #milestones: { readonly number: number; readonly at: number }[] = [];

  /** Says which replicas there are, and which of them are live. @param now on the monotonic clock */
  setReplicas(live: ReadonlySet<string>, now: number): void {
    for (const replica of live) this.#post(replica, now).isLive = true;
    for (const [replica, post] of this.#posts) {
      if (!post.isLive || live.has(replica)) continue;
      post.isLive = false;
      post.goneAt = now;
    }
  }

  /** Takes what a replica says. Of one that is gone, sidecars are taken as lost now. */
  report(report: ReplicaReport, domain: DomainReport | undefined, now: number): void {
    const post = this.#post(report.replica, now);
    // Epochs are counted from 0, and a domain that has another is always listed.
    const published = domain?.published ?? { revision: "", epoch: 0, position: report.position };
    const groups = domain?.groups ?? [];
    this.#lose(post, groups, domain?.departed ?? [], now);
    post.staleMs = Math.max((domain?.staleSeconds ?? 0) * 1000, post.lost.size > 0 ? post.staleMs : 0);
    for (const group of groups) {
      for (const id of group.lost) {
        const { at = now, listedAt = now } = post.lost.get(id) ?? {};
        post.lost.set(id, { at, listedAt, group, published, staleMs: post.staleMs });
      }
    }
    post.published = published;
    post.groups = groups;
    post.laggards = domain?.laggards ?? [];
  }

  /** Takes back what a replica said. Its sidecars are lost; while it is live, it is waited for. */
  forget(replica: string, now: number): void {
    const post = this.#posts.get(replica);
    if (post === undefined) return;
    this.#lose(post, [], [], now);
    post.published = undefined;
    post.groups = [];
  }

  /** @param now on the monotonic clock */
  judge(publications: Publications, now: number): Judgement {
    const { last } = publications;
    let reached = last;
    let [live, current] = [0, 0];
    let next = Number.POSITIVE_INFINITY;
    for (const { isLive, published } of this.#posts.values()) {
      if (isLive) reached = Math.min(reached, reachOfReplica(published, publications));
    }
    if (reached > (this.#milestones.at(-1)?.number ?? 0)) this.#milestones.push({ number: reached, at: now });
    for (const { ids, has, staleMs, until } of this.#holders(publications, now)) {
      live += ids.length;
      next = Math.min(next, until);
      if (has >= last) {
        current += ids.length;
        continue;
      }
      const over = this.#over(staleMs, now);
      next = Math.min(next, over.next);
      reached = Math.min(reached, Math.max(has, over.number));
    }
    return { reached, live, current, next };
  }

  /** Says that everybody has the publications up to this number. */
  settle(number: number): void {
    const open = this.#milestones.findIndex((milestone) => milestone.number > number);
    // The last one stays: who has it is not to be dated later.
    const kept = open === -1 ? this.#milestones.length - 1 : open;
    if (kept > 0) this.#milestones = this.#milestones.slice(kept);
  }

  /** Who lacks a publication, replicas first. */
  awaited(number: number, publications: Publications, now: number): Awaited[] {
    const found: Awaited[] = [];
    for (const [replica, { isLive, published }] of this.#posts) {
      if (isLive && reachOfReplica(published, publications) < number) found.push({ replica });
    }
    const had = this.#milestones.find((milestone) => milestone.number >= number);
    const confirmedUntil = had?.at ?? Number.POSITIVE_INFINITY;
    for (const { replica, ids, has, silentAt, staleMs } of this.#holders(publications, now)) {
      const end = Math.min(silentAt, confirmedUntil) + staleMs + SLACK_MS;
      if (has >= number || end <= now) continue;
      const isLost = silentAt !== Number.POSITIVE_INFINITY;
      const until = end === Number.POSITIVE_INFINITY ? undefined : end;
      const laggards = this.#posts.get(replica)?.laggards;
      for (const id of ids) {
        const known = laggards?.find((laggard) => laggard.id === id);
        found.push({ sidecar: known?.sidecar ?? "", replica, isLost, until, refused: known?.refused });
      }
    }
    return found;
  }

  /** Forgets sidecars that are over, and replicas that are gone and have no others. */
  prune(now: number): void {
    for (const [replica, post] of this.#posts) {
      for (const [id, { at, staleMs }] of post.lost) if (at + staleMs + SLACK_MS <= now) post.lost.delete(id);
      const isPast = post.goneAt + post.staleMs + SLACK_MS <= now;
      if (!post.isLive && isPast && post.lost.size === 0) this.#posts.delete(replica);
    }
  }

  /** All sidecars that may decide. Those that are connected to a live replica come group by group, others one by one. */
  *#holders(publications: Publications, now: number): Iterable<Holders> {
    for (const [replica, post] of this.#posts) {
      const { isLive, published, groups, staleMs } = post;
      const own = reachOfReplica(published, publications);
      for (const group of groups) {
        const ids = group.connected;
        const has = reachOfGroup(group, own, publications);
        const never = Number.POSITIVE_INFINITY;
        if (isLive && ids.length > 0) yield { replica, ids, has, silentAt: never, staleMs, until: never };
        if (isLive) continue;
        for (const id of ids) {
          const { at, listedAt } = lostWith(post, id);
          const until = Math.min(at + staleMs + SLACK_MS, this.#elsewhereAt(id, { at, listedAt }, post));
          if (until > now) yield { replica, ids: [id], has, silentAt: at, staleMs, until };
        }
      }
      for (const [id, lost] of post.lost) {
        const { at, staleMs } = lost;
        const until = Math.min(at + staleMs + SLACK_MS, this.#elsewhereAt(id, lost, post));
        if (until <= now) continue;
        const has = reachOfGroup(lost.group, reachOfReplica(lost.published, publications), publications);
        yield { replica, ids: [id], has, silentAt: at, staleMs, until };
      }
    }
  }

  /** The last publication that everybody has or is stale, and when there will be another. */
  #over(staleMs: number, now: number): { readonly number: number; readonly next: number } {
    let number = 0;
    for (const milestone of this.#milestones) {
      const until = milestone.at + staleMs + SLACK_MS;
      if (until > now) return { number, next: until };
      number = milestone.number;
    }
    return { number, next: Number.POSITIVE_INFINITY };
  }

  #post(replica: string, now: number): Post {
    let post = this.#posts.get(replica);
    if (post === undefined) {
      post = {
        ...{ isLive: false, goneAt: now, published: undefined, groups: [], connected: new Listings() },
        ...{ lost: new Map(), laggards: [], staleMs: 0 },
      };
      this.#posts.set(replica, post);
    }
    return post;
  }

  /** Takes those as lost who are in no group any more and have not said goodbye. */
  #lose(post: Post, groups: readonly SidecarGroup[], goodbyes: readonly string[], now: number): void {
    const departed = new Set(goodbyes);
    const at = post.isLive ? now : Math.min(now, post.goneAt);
    const gone = post.connected.update(groups, now);
    for (const group of gone.size > 0 ? post.groups : []) {
      for (const id of group.connected) {
        const listedAt = gone.get(id);
        if (listedAt === undefined || departed.has(id) || post.published === undefined) continue;
        post.lost.set(id, { at, listedAt, group, published: post.published, staleMs: post.staleMs });
      }
    }
    for (const id of post.lost.keys()) if (post.connected.has(id) || departed.has(id)) post.lost.delete(id);
  }

  /**
   * Since when it is known that a lost sidecar is connected elsewhere; Infinity: it is not. A replica may list a sidecar that
   * has long gone on to another one; so a listing counts if it began later, or lasts longer than that can take.
   */
  #elsewhereAt(id: string, { at, listedAt }: Pick<Lost, "at" | "listedAt">, post: Post): number {
    let since = Number.POSITIVE_INFINITY;
    for (const other of this.#posts.values()) {
      const there = other === post || !other.isLive ? undefined : other.connected.sinceOf(id);
      if (there === undefined) continue;
      since = Math.min(since, there > listedAt ? there : Math.max(at, there) + HALF_OPEN_MS);
    }
    return since;
  }
}

/** Whose listing ended with the life of its replica. */
function lostWith(post: Post, id: string): Pick<Lost, "at" | "listedAt"> {
  return { at: post.goneAt, listedAt: post.connected.sinceOf(id) ?? post.goneAt };
}
