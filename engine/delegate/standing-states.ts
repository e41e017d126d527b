import type { StandingGrant } from "../decide/standing-grant.ts";

/**
 * What stands of some grants, now and whenever that changes later. Of grants that are alike only one is given, and what stood
 * before only once: a subject may have thousands of windows that make little difference.
 *
 * @param alikeness the same number for grants that make no difference where they are judged
 * @param now milliseconds since 1970
 */
export function* standingStates(
  grants: readonly StandingGrant[],
  alikeness: (grant: StandingGrant) => number,
  now: number,
): Generator<readonly StandingGrant[]> {
  const standing = new Map<number, Set<StandingGrant>>();
  const seen = new Set<string>();
  for (const turns of turnsOf(grants, now)) {
    for (const { grant, begins } of turns) {
      const alike = alikeness(grant);
      const others = standing.get(alike) ?? new Set();
      if (begins) others.add(grant);
      else others.delete(grant);
      if (others.size > 0) standing.set(alike, others);
      else standing.delete(alike);
    }
    const state = [...standing.keys()].sort((a, b) => a - b).join();
    if (seen.has(state)) continue;
    seen.add(state);
    yield [...standing.values()].map(([first]) => first!);
  }
}

interface Turn {
  readonly instant: number;
  readonly grant: StandingGrant;
  readonly begins: boolean;
}

/** What begins and ends, by instant; first of all what stands now, which may be nothing. */
function turnsOf(grants: readonly StandingGrant[], now: number): Iterable<readonly Turn[]> {
  const turns: Turn[] = [];
  for (const grant of grants) {
    const { notBefore, expires } = grant.grants.windowOf(grant.grant);
    const instant = Math.max(notBefore, now);
    if (!(instant < expires)) continue;
    turns.push({ instant, grant, begins: true });
    if (expires < Number.POSITIVE_INFINITY) turns.push({ instant: expires, grant, begins: false });
  }
  const byInstant = new Map<number, Turn[]>([[now, []]]);
  for (const turn of turns.sort((a, b) => a.instant - b.instant)) {
    const same = byInstant.get(turn.instant);
    if (same === undefined) byInstant.set(turn.instant, [turn]);
    else same.push(turn);
  }
  return byInstant.values();
}
