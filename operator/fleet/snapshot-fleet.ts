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

/** Sums up who has what of a domain, as one instant has it. */
export function snapshotFleet(facts: FleetFacts): DomainReport {
  const { domain, members, lost, departed, published, staleSeconds, now, wallTime } = facts;
  const groups = new Map<string, Group>();
  const laggards: Laggard[] = [];
  const join = (active: ActivePolicy | undefined, isSettled: boolean): Group => {
    const key = `${active?.epoch} ${active?.revision} ${isSettled}`;
    let group = groups.get(key);
    if (group === undefined) groups.set(key, (group = { active, isSettled, connected: [], lost: [] }));
    else if (group.active !== undefined && active !== undefined) group.active = lowest(group.active, active);
    return group;
  };
  for (const member of members) {
    const holding = member.holdings.get(domain);
    if (holding === undefined) continue;
    const id = shortIdOf(member);
    const { active, outstanding, lackingSince, refused } = holding;
    join(active, outstanding === undefined).connected.push(id);
    if (lackingSince === undefined) continue;
    const since = Math.round(wallTime - (now - lackingSince));
    const { sidecar } = member;
    laggards.push({ id, sidecar, revision: active?.revision ?? "", since, refused: refused?.code });
  }
  for (const [id, { sidecar, active, isSettled, at }] of lost) {
    join(active, isSettled).lost.push(id);
    const since = Math.round(wallTime - (now - at));
    if (sidecar !== "") laggards.push({ id, sidecar, revision: active?.revision ?? "", since });
  }
  laggards.sort((a, b) => a.since - b.since || (a.id < b.id ? -1 : 1));
  const sorted = [...groups].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, group]): SidecarGroup => group);
  return { published, groups: sorted, departed, laggards: laggards.slice(0, LAGGARDS), staleSeconds };
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
