import { compareResourceVersions, type Position } from "../../engine/model/position.ts";
import type { DomainReport, Laggard, SidecarGroup } from "../effective/replica-report.ts";
import type { ActivePolicy, FleetMember } from "./fleet.ts";
import type { LostSidecar } from "./fleet-memory.ts";
import { shortIdOf } from "./sidecar-id.ts";

export interface FleetFacts {
  readonly domain: string;
  readonly members: Iterable<FleetMember>;
  readonly lost: ReadonlyMap<string, LostSidecar>;
  readonly departed: readonly string[];
  /** What this replica gives to sidecars; see DomainReport. */
  readonly published: ActivePolicy;
  readonly staleSeconds: number;
  /** On the monotonic clock, and the same instant in milliseconds since 1970. */
  readonly now: number;
  readonly wallTime: number;
}

const LAGGARDS = 20;

interface Group {
  active: ActivePolicy | undefined;
  readonly isSettled: boolean;
  readonly connected: string[];
  readonly lost: string[];
}

/**
 * Sums up who has what of a domain, as one instant has it. It is asked some hundred times while a thousand sidecars
 * acknowledge a policy, so it makes nothing for each of them.
 */
export function snapshotFleet(facts: FleetFacts): DomainReport {
  const { domain, members, lost, departed, published, staleSeconds, now, wallTime } = facts;
  const groups = new Groups();
  const laggards: Laggard[] = [];
  for (const member of members) {
    const holding = member.holdings.get(domain);
    if (holding === undefined) continue;
    const id = shortIdOf(member);
    const { active, outstanding, lackingSince, refused } = holding;
    groups.of(active, outstanding === undefined).connected.push(id);
    if (lackingSince === undefined) continue;
    const since = Math.round(wallTime - (now - lackingSince));
    if (!isAmongLongest(laggards, since, id)) continue;
    const { sidecar } = member;
    insert(laggards, { id, sidecar, revision: active?.revision ?? "", since, refused: refused?.code });
  }
  for (const [id, { sidecar, active, isSettled, at }] of lost) {
    groups.of(active, isSettled).lost.push(id);
    const since = Math.round(wallTime - (now - at));
    if (sidecar === "" || !isAmongLongest(laggards, since, id)) continue;
    insert(laggards, { id, sidecar, revision: active?.revision ?? "", since });
  }
  return { published, groups: groups.sorted(), departed, laggards, staleSeconds };
}

/** Sidecars by what they decide by. */
class Groups {
  readonly #byContent = new Map<string, Group>();
  /** The groups of those whose pushes are over, and of those with one under way: most sidecars share one object. */
  readonly #settled = new Map<ActivePolicy | undefined, Group>();
  readonly #pushing = new Map<ActivePolicy | undefined, Group>();

  of(active: ActivePolicy | undefined, isSettled: boolean): Group {
    const known = isSettled ? this.#settled : this.#pushing;
    let group = known.get(active);
    if (group === undefined) known.set(active, (group = this.#join(active, isSettled)));
    return group;
  }

  /** In an order that does not depend on who came first. */
  sorted(): SidecarGroup[] {
    return [...this.#byContent].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, group]) => group);
  }

  #join(active: ActivePolicy | undefined, isSettled: boolean): Group {
    const key = `${active?.epoch} ${active?.revision} ${isSettled}`;
    let group = this.#byContent.get(key);
    if (group === undefined) {
      group = { active, isSettled, connected: [], lost: [] };
      this.#byContent.set(key, group);
    } else if (group.active !== undefined && active !== undefined)
      group.active = lowest(group.active, active);
    return group;
  }
}

/** Whether somebody belongs to the `LAGGARDS` that have lagged the longest. */
function isAmongLongest(laggards: readonly Laggard[], since: number, id: string): boolean {
  const last = laggards[LAGGARDS - 1];
  return last === undefined || comesBefore(since, id, last);
}

function insert(laggards: Laggard[], laggard: Laggard): void {
  const at = laggards.findIndex((other) => comesBefore(laggard.since, laggard.id, other));
  laggards.splice(at === -1 ? laggards.length : at, 0, laggard);
  if (laggards.length > LAGGARDS) laggards.pop();
}

function comesBefore(since: number, id: string, other: Laggard): boolean {
  return since < other.since || (since === other.since && id < other.id);
}

/** One content at the lower of two positions, kind by kind. */
function lowest(a: ActivePolicy, b: ActivePolicy): ActivePolicy {
  if (a.position === b.position) return a;
  const position: Record<string, string> = {};
  for (const kind in a.position) {
    const [of, or] = [a.position[kind] as string, b.position[kind] ?? "0"];
    position[kind] = compareResourceVersions(of, or) <= 0 ? of : or;
  }
  return isSame(a.position, position) ? a : { ...a, position };
}

function isSame(a: Position, b: Position): boolean {
  for (const kind in b) if (a[kind] !== b[kind]) return false;
  return true;
}
