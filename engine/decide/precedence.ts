import type { LoadedConstraint } from "../policy/loaded-constraints.ts";
import type { LoadedModel } from "../policy/loaded-model.ts";
import { isOnChain } from "./place.ts";
import type { StandingGrant } from "./standing-grants.ts";

/** What a default yields to. */
export interface Precedence {
  readonly constraint: LoadedConstraint;
  /** The other grant; undefined where the default's role alone carries too many. */
  readonly by: StandingGrant | undefined;
}

/**
 * What a default yields to (semantics, section 9), or undefined: a grant that is no default and names another role of an
 * exclusive set, or together with which it would break a static separation of duty, in the unit of its own scope. Windows
 * and conditions of the other are not asked, and asserted groups are not known when defaults are given.
 */
export function findPrecedence(
  model: LoadedModel,
  own: StandingGrant,
  candidates: readonly StandingGrant[],
): Precedence | undefined {
  for (const { constraint, members } of model.constraints.of(own.role)) {
    if (constraint.kind === "Dynamic") continue;
    const carried = new Set(members);
    let by: StandingGrant | undefined;
    for (const other of candidates) {
      if (other.isDefault || other.isAsserted || !isInUnitOf(own, other, constraint)) continue;
      for (const member of model.constraints.membersOf(constraint, other.role)) {
        if (by === undefined || !members.includes(member)) by = other;
        carried.add(member);
      }
    }
    if (carried.size > constraint.atMost) return { constraint, by };
  }
  return undefined;
}

/** Whether a grant counts in the unit of the scope that another one names. */
function isInUnitOf(own: StandingGrant, other: StandingGrant, constraint: LoadedConstraint): boolean {
  if (other.grants !== own.grants || constraint.perOrganization) return true;
  return isOnChain(own, other.scope, own.scope);
}
