import type { KeySet } from "../decide/key-set.ts";
import type { ResolvedScope } from "../decide/resolve-scope.ts";
import type { Asker } from "../enumerate/asker.ts";
import { isConflicting, type Outlook, outlookAt } from "../enumerate/outlook.ts";
import { walkGrants } from "../enumerate/walk-grants.ts";

/** What somebody has who names no active roles. */
export interface StandingOutlook extends Outlook {
  /** Whether all that is possible is so only with a choice of active roles. */
  readonly needsChoice: boolean;
}

/**
 * What an asker that names no active roles has at a scope. Where its roles break a dynamic separation of duty, so that
 * nothing is allowed unless it chooses, everything that some choice of active roles allows is possible, and nothing certain.
 *
 * @param keys those of the asker
 * @param now milliseconds since 1970
 */
export function standingOutlook(
  asker: Asker,
  keys: KeySet,
  scope: ResolvedScope,
  now: number,
): StandingOutlook {
  if (!isConflicting(asker, keys, scope, now))
    return { ...outlookAt(asker, keys, scope, now), needsChoice: false };
  const { roles, catalog } = asker.policy.model;
  const held = new Set<number>();
  walkGrants(asker, keys, scope, now, (_grants, _grant, role, isEffective) => {
    if (isEffective) for (const from of roles.allowsFrom(role)) held.add(from);
  });
  const certain = new Uint32Array(catalog.words);
  const possible = new Uint32Array(catalog.words);
  // A permission comes by a rule of one role, and no choice breaks less than that role alone.
  for (const role of held) {
    const chosen = outlookAt({ ...asker, active: [role] }, keys, scope, now);
    for (let word = 0; word < possible.length; word++) possible[word]! |= chosen.possible[word]!;
  }
  return { certain, possible, needsChoice: true };
}
