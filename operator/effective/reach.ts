import type { ActivePolicy } from "../fleet/fleet.ts";
import type { Publications } from "./publications.ts";
import type { SidecarGroup } from "./replica-report.ts";

/** The last publication that a replica has. @param published undefined: it has reported nothing */
export function reachOfReplica(published: ActivePolicy | undefined, publications: Publications): number {
  return published === undefined ? 0 : publications.reachedByReplica(published);
}

/** The last publication that the sidecars of a group have. @param replica what the replica had when it said so */
export function reachOfGroup(
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
