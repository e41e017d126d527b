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
import type { Publications } from "./publications.ts";
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
  /** By id, since when it has been listed. */
  connected: ReadonlyMap<string, number>;
  readonly lost: Map<string, Lost>;
  laggards: readonly Laggard[];
  staleMs: number;
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
    const ids = groups.flatMap((group) => group.connected);
    const connected = new Map(ids.map((id) => [id, post.connected.get(id) ?? now]));
    this.#lose(post, connected, domain, now);
    post.staleMs = Math.max((domain?.staleSeconds ?? 0) * 1000, post.lost.size > 0 ? post.staleMs : 0);
    for (const group of groups) {
      for (const id of group.lost) {
        const { at = now, listedAt = now } = post.lost.get(id) ?? {};
        post.lost.set(id, { at, listedAt, group, published, staleMs: post.staleMs });
      }
    }
    post.published = published;
    post.groups = groups;
    post.connected = connected;
    post.laggards = domain?.laggards ?? [];
  }

  /** Takes back what a replica said. Its sidecars are lost; while it is live, it is waited for. */
  forget(replica: string, now: number): void {
    const post = this.#posts.get(replica);
    if (post === undefined) return;
    this.#lose(post, new Map(), undefined, now);
    post.published = undefined;
    post.groups = [];
    post.connected = new Map();
  }

  /** @param now on the monotonic clock */
  judge(publications: Publications, now: number): Judgement {
    const { last } = publications;
    let reached = last;
    let [live, current] = [0, 0];
    let next = Number.POSITIVE_INFINITY;
    for (const post of this.#posts.values()) {
      if (post.isLive) reached = Math.min(reached, reachOfReplica(post, publications));
    }
    if (reached > (this.#milestones.at(-1)?.number ?? 0)) this.#milestones.push({ number: reached, at: now });
    for (const post of this.#posts.values()) {
      const own = reachOfReplica(post, publications);
      const over = this.#over(post.staleMs, now);
      for (const group of post.groups) {
        if (group.connected.length === 0) continue;
        const has = reachOfGroup(group, own, publications);
        let { length } = group.connected;
        if (!post.isLive) {
          const until = post.goneAt + post.staleMs + SLACK_MS;
          if (until <= now) continue;
          length = 0;
          for (const id of group.connected) {
            const elsewhereAt = this.#elsewhereAt(id, lostWith(post, id), post);
            if (elsewhereAt <= now) continue;
            length++;
            next = Math.min(next, until, elsewhereAt);
          }
          if (length === 0) continue;
        }
        live += length;
        if (has >= last) current += length;
        else next = Math.min(next, over.next);
        reached = Math.min(reached, Math.max(has, over.number));
      }
      for (const [id, lost] of post.lost) {
        const until = lost.at + lost.staleMs + SLACK_MS;
        if (until <= now) {
          post.lost.delete(id);
          continue;
        }
        const elsewhereAt = this.#elsewhereAt(id, lost, post);
        if (elsewhereAt <= now) continue;
        const over = this.#over(lost.staleMs, now);
        const has = reachOfGroup(lost.group, publications.reachedByReplica(lost.published), publications);
        live++;
        if (has >= last) current++;
        next = Math.min(next, until, over.next, elsewhereAt);
        reached = Math.min(reached, Math.max(has, over.number));
      }
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

  /** Who lacks a publication, those without an end first. */
  awaited(number: number, publications: Publications, now: number): Awaited[] {
    const found: Awaited[] = [];
    const had = this.#milestones.find((milestone) => milestone.number >= number);
    const confirmedUntil = had?.at ?? Number.POSITIVE_INFINITY;
    for (const [replica, post] of this.#posts) {
      const own = reachOfReplica(post, publications);
      if (post.isLive && own < number) found.push({ replica });
      const add = (id: string, isLost: boolean, at: number, staleMs: number) => {
        const known = post.laggards.find((laggard) => laggard.id === id);
        const until = Math.min(at, confirmedUntil) + staleMs + SLACK_MS;
        if (until <= now) return;
        const end = until === Number.POSITIVE_INFINITY ? undefined : until;
        found.push({
          ...{ sidecar: known?.sidecar ?? "", replica, isLost, until: end, refused: known?.refused },
        });
      };
      for (const group of post.groups) {
        if (reachOfGroup(group, own, publications) >= number) continue;
        for (const id of group.connected) {
          if (post.isLive) add(id, false, Number.POSITIVE_INFINITY, post.staleMs);
          else if (!this.#isElsewhere(id, lostWith(post, id), post, now))
            add(id, true, post.goneAt, post.staleMs);
        }
      }
      for (const [id, lost] of post.lost) {
        const { at, group, published, staleMs } = lost;
        const has = reachOfGroup(group, publications.reachedByPosition(published), publications);
        if (has < number && !this.#isElsewhere(id, lost, post, now)) add(id, true, at, staleMs);
      }
    }
    return found;
  }

  /** Forgets replicas that are gone and whose sidecars have long been over. */
  prune(now: number): void {
    for (const [replica, post] of this.#posts) {
      const isPast = post.goneAt + post.staleMs + SLACK_MS <= now;
      if (!post.isLive && isPast && post.lost.size === 0) this.#posts.delete(replica);
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
        ...{ isLive: false, goneAt: now, published: undefined, groups: [], connected: new Map() },
        ...{ lost: new Map(), laggards: [], staleMs: 0 },
      };
      this.#posts.set(replica, post);
    }
    return post;
  }

  /** Takes those as lost who are listed no more and have not said goodbye. */
  #lose(
    post: Post,
    connected: ReadonlyMap<string, number>,
    domain: DomainReport | undefined,
    now: number,
  ): void {
    const departed = new Set(domain?.departed);
    const at = post.isLive ? now : Math.min(now, post.goneAt);
    for (const group of post.groups) {
      for (const id of group.connected) {
        if (connected.has(id) || departed.has(id) || post.published === undefined) continue;
        const listedAt = post.connected.get(id) ?? now;
        post.lost.set(id, { at, listedAt, group, published: post.published, staleMs: post.staleMs });
      }
    }
    for (const id of post.lost.keys()) if (connected.has(id) || departed.has(id)) post.lost.delete(id);
  }

  /**
   * Since when it is known that a lost sidecar is connected elsewhere; Infinity: it is not. A replica may list a sidecar that
   * has long gone on to another one; so a listing counts if it began later, or lasts longer than that can take.
   */
  #elsewhereAt(id: string, { at, listedAt }: Pick<Lost, "at" | "listedAt">, post: Post): number {
    let since = Number.POSITIVE_INFINITY;
    for (const other of this.#posts.values()) {
      const there = other === post || !other.isLive ? undefined : other.connected.get(id);
      if (there === undefined) continue;
      since = Math.min(since, there > listedAt ? there : Math.max(at, there) + HALF_OPEN_MS);
    }
    return since;
  }

  #isElsewhere(id: string, lost: Pick<Lost, "at" | "listedAt">, post: Post, now: number): boolean {
    return this.#elsewhereAt(id, lost, post) <= now;
  }
}

/** What a sidecar of a replica that is gone counts as. */
function lostWith(post: Post, id: string): Pick<Lost, "at" | "listedAt"> {
  return { at: post.goneAt, listedAt: post.connected.get(id) ?? post.goneAt };
}

function reachOfReplica(post: Post, publications: Publications): number {
  return post.published === undefined ? 0 : publications.reachedByReplica(post.published);
}

/** @param replica what the replica had when it said so */
function reachOfGroup(
  { active, isSettled }: SidecarGroup,
  replica: number,
  publications: Publications,
): number {
  // Without a policy it decides nothing. What it is given first is what its replica has, unless that is under way already.
  if (active === undefined) return isSettled ? replica : 0;
  const byPosition = publications.reachedByPosition(active);
  if (!isSettled) return byPosition;
  return Math.max(byPosition, Math.min(replica, publications.reachedByRevision(active.revision)));
}
