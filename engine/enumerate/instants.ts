import { type KeySet, SUBJECT } from "../decide/key-set.ts";
import type { ResolvedScope } from "../decide/resolve-scope.ts";
import { someGrant } from "../decide/some-grant.ts";
import type { LoadedGrants } from "../policy/loaded-grants.ts";
import type { Asker } from "./asker.ts";

/**
 * The instants after `now`, ascending, at which something begins or ends that may change what an asker may do at a scope: a
 * grant, its membership, or one by which it counts as in a group. Between two of them nothing changes.
 *
 * @param keys those of the asker
 * @param now milliseconds since 1970
 */
export function instantsAfter(asker: Asker, keys: KeySet, scope: ResolvedScope, now: number): number[] {
  const { policy } = asker;
  const instants = new Set<number>();
  const add = (instant: number | undefined) => {
    if (instant !== undefined && instant > now && instant < Number.POSITIVE_INFINITY) instants.add(instant);
  };
  const addGrants = (grants: LoadedGrants, row: number) => {
    const isWide = policy.model.constraints.hasWide;
    for (let key = 0; key < keys.count; key++) {
      const subject = keys.rowIn(grants, key);
      if (subject < 0) continue;
      const visit = (_: LoadedGrants, grant: number) => {
        const { notBefore, expires } = grants.windowOf(grant);
        add(notBefore);
        add(expires);
        return false;
      };
      if (!isWide) someGrant(grants, subject, row, { visit });
      else
        for (let at = grants.firstGrant(subject); at < grants.endOfGrants(subject); at++) visit(grants, at);
    }
  };
  addGrants(policy.platform, 0);
  if (scope.grants !== policy.platform) {
    addGrants(scope.grants, scope.row);
    add(scope.grants.memberUntil(keys.rowIn(scope.grants, SUBJECT)));
  }
  for (let key = 0; key < keys.count; key++) {
    const owner = keys.owners[key]!;
    if (owner !== "") add(keys.memberUntil(policy, owner));
  }
  return [...instants].sort((a, b) => a - b);
}
