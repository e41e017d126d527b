import type { SidecarState } from "../../proto/generated/fleet.js";
import type { Fleet, FleetMember, Holding } from "../fleet/fleet.ts";

/** The two clocks, in milliseconds: monotonic, and since 1970. */
export interface Instant {
  readonly now: number;
  readonly wall: number;
}

/**
 * What each connected sidecar has of each of its domains.
 *
 * @param domain empty: all
 */
export function* sidecarStates(
  fleet: Pick<Fleet, "members">,
  domain: string,
  at: Instant,
): Iterable<SidecarState> {
  for (const member of fleet.members()) {
    for (const holding of member.holdings.values())
      if (domain === "" || holding.domain === domain) yield stateOf(member, holding, at);
  }
}

function stateOf(member: FleetMember, holding: Holding, { now, wall }: Instant): SidecarState {
  const { domain, active, refused, behind, lackingSince } = holding;
  return {
    sidecar: member.sidecar,
    version: member.version,
    peer: member.peer,
    user: member.verified?.user ?? "",
    domain,
    revision: active?.revision ?? "",
    current: active !== undefined && lackingSince === undefined && !behind,
    lagMs: lackingSince === undefined ? 0 : elapsed(now, lackingSince),
    lastContactMs: elapsed(now, member.seenAt),
    connectedMs: elapsed(wall, member.connectedAt),
    refusedRevision: refused?.revision ?? "",
    refusedCode: refused?.code ?? "",
    refusedMessage: refused?.message ?? "",
    behind,
  };
}

/** Whole milliseconds, never negative: the wall clock may have been set. */
function elapsed(later: number, earlier: number): number {
  return Math.max(0, Math.round(later - earlier));
}
