/**
 * What was published of one domain, in the leader's order, and how much of it somebody has.
 *
 *   A change is  read       the leader has seen it; the policy in the book may lack it (it is being compiled, or the guard
 *                           holds it back; of what is held back, urgent deletions are published before their turn)
 *                published  it is part of the publication with this number and of all that follow
 *                settled    everybody has that publication; what it needs is forgotten
 *
 * INVARIANT: a policy whose position has reached a change's resourceVersion holds the change, or what replaced it. So does a
 * policy with the content of a later publication.
 */
import type { CompiledPolicy } from "../../engine/compile/compiled-policy.ts";
import { compareResourceVersions, type Position } from "../../engine/model/position.ts";
import type { ObjectKey } from "../../engine/model/references.ts";
import type { ActivePolicy } from "../fleet/fleet.ts";

/** A change that was read. */
export interface ReadChange {
  /** Of the object. Absent: it is of none, and waits for all that was read before it. */
  readonly key?: ObjectKey | undefined;
  readonly kind: string;
  /** What a position must have reached to hold it; or what it must have gone beyond, for an object that is gone. */
  readonly resourceVersion: string;
  readonly isBeyond: boolean;
  /** Told of the number of the publication that it came to be part of. */
  readonly onPublished: (publication: number) => void;
}

/** A policy in the leader's book. */
type Published = ActivePolicy & Pick<CompiledPolicy, "besides">;

interface Publication {
  readonly number: number;
  readonly epoch: number;
  /** By kind, the resourceVersion that a position must have reached to hold what this publication brought. */
  readonly needs: Map<string, string>;
  /** Whether it brought only what came before its turn, so that its position tells nothing of it. */
  readonly isBesides: boolean;
}

export class Publications {
  #last = 0;
  #current: ActivePolicy | undefined;
  #read: ReadChange[] = [];
  /** Those that somebody may lack, oldest first. */
  #open: Publication[] = [];
  /** By revision, the last publication that had it. */
  readonly #revisions = new Map<string, number>();

  /** The number of the last publication; 0 before the first. */
  get last(): number {
    return this.#last;
  }

  /** Takes note of a change before it is published. */
  read(change: ReadChange): void {
    this.#read.push(change);
  }

  /** Calls `onPublished` once everything that was read so far is published: now, if it is. */
  barrier(onPublished: (publication: number) => void): void {
    const latest = this.#read.at(-1);
    if (latest === undefined) onPublished(this.#last);
    else this.#read.push({ ...latest, key: undefined, onPublished });
  }

  /** Takes note of what stands in the leader's book now. */
  publish(policy: Published): void {
    const { epoch, position } = policy;
    if (this.#current !== undefined) this.#lowerNeeds(this.#current.position, position);
    const isNewEpoch = this.#current !== undefined && this.#current.epoch !== epoch;
    this.#current = policy;
    const published = this.#takePublished(policy);
    if (published.length > 0 || this.#last === 0 || isNewEpoch) {
      const needs = new Map<string, string>();
      for (const { change } of published) {
        const { kind, resourceVersion, isBeyond } = change;
        raise(needs, kind, isBeyond ? (position[kind] ?? "0") : resourceVersion);
      }
      const isBesides = published.length > 0 && published.every(({ isReached }) => !isReached);
      this.#open.push({ number: ++this.#last, epoch, needs, isBesides });
    }
    this.#revisions.set(policy.revision, this.#last);
    for (const { change } of published) change.onPublished(this.#last);
  }

  /** The last publication that somebody has who has read so far: 0 for none. */
  reachedByPosition({ epoch, position }: Pick<ActivePolicy, "epoch" | "position">): number {
    for (const publication of this.#open) {
      if (epoch < publication.epoch) return publication.number - 1;
      for (const [kind, resourceVersion] of publication.needs) {
        if (compareResourceVersions(position[kind] ?? "0", resourceVersion) < 0)
          return publication.number - 1;
      }
    }
    return this.#last;
  }

  /**
   * The last publication that a replica has, and that all that it gives to sidecars from now on holds. Content alone does
   * not tell: the same may have been published before, with other content to follow. So it counts only from where the
   * position leads to, and for what no position tells of.
   */
  reachedByReplica(published: ActivePolicy): number {
    const same = this.reachedByRevision(published.revision);
    let reached = this.reachedByPosition(published);
    for (const { number, isBesides } of this.#open)
      if (number === reached + 1 && number <= same && isBesides) reached = number;
    return reached;
  }

  /** The last publication with this content; 0 when it is not known. */
  reachedByRevision(revision: string): number {
    return this.#revisions.get(revision) ?? 0;
  }

  /** Says that everybody has the publications up to this number. */
  settle(number: number): void {
    let settled = 0;
    while ((this.#open[settled]?.number ?? Number.POSITIVE_INFINITY) <= number) settled++;
    if (settled === 0) return;
    this.#open.splice(0, settled);
    for (const [revision, last] of this.#revisions) if (last < number) this.#revisions.delete(revision);
  }

  #takePublished({ position, besides }: Published): { change: ReadChange; isReached: boolean }[] {
    const published: { change: ReadChange; isReached: boolean }[] = [];
    const waiting: ReadChange[] = [];
    for (const change of this.#read) {
      const order = compareResourceVersions(position[change.kind] ?? "0", change.resourceVersion);
      // In order: who waits for everything that was read waits for what came before it, too.
      const isReached = waiting.length === 0 && (change.isBeyond ? order > 0 : order >= 0);
      const isBesides = change.key !== undefined && besides?.has(change.key);
      if (isReached || isBesides) published.push({ change, isReached });
      else waiting.push(change);
    }
    this.#read = waiting;
    return published;
  }

  /** After a restore of etcd positions start again from below, and what was needed before would never be reached. */
  #lowerNeeds(before: Position, now: Position): void {
    for (const kind in now) {
      const at = now[kind] as string;
      if (compareResourceVersions(at, before[kind] ?? "0") >= 0) continue;
      for (const { needs } of this.#open) {
        if (compareResourceVersions(needs.get(kind) ?? "0", at) > 0) needs.set(kind, at);
      }
      this.#read = this.#read.map((change) => {
        const isAbove = change.kind === kind && compareResourceVersions(change.resourceVersion, at) >= 0;
        return isAbove ? { ...change, resourceVersion: at, isBeyond: false } : change;
      });
    }
  }
}

function raise(needs: Map<string, string>, kind: string, resourceVersion: string): void {
  const before = needs.get(kind);
  if (before === undefined || compareResourceVersions(before, resourceVersion) < 0)
    needs.set(kind, resourceVersion);
}
