import type { LoadedGrants } from "../policy/loaded-grants.ts";

// Up to this many grants a walk over all is cheaper than a search for each scope of the chain.
const WALK = 12;

/** Sees grants. An object rather than a function, so that looking for grants allocates nothing. */
export interface GrantVisitor {
  /** @returns whether to stop */
  visit(grants: LoadedGrants, grant: number): boolean;
}

/**
 * Shows each grant of a subject that applies at a scope to a visitor, until that stops.
 *
 * @param subject a row of the shard
 * @param scope a row of the shard; grants at it and above it within the shard apply
 * @returns whether the visitor stopped
 */
export function someGrant(
  grants: LoadedGrants,
  subject: number,
  scope: number,
  visitor: GrantVisitor,
): boolean {
  const end = grants.endOfGrants(subject);
  const start = grants.firstGrant(subject);
  if (end - start > WALK) return someGrantBySearch(grants, subject, scope, visitor);
  // The chain within a shard is the scope, its parent and row 0.
  const parent = grants.parentOf(scope);
  for (let grant = start; grant < end; grant++) {
    const bound = grants.scopeOf(grant);
    if ((bound === scope || bound === parent || bound === 0) && visitor.visit(grants, grant)) return true;
  }
  return false;
}

function someGrantBySearch(
  grants: LoadedGrants,
  subject: number,
  scope: number,
  visitor: GrantVisitor,
): boolean {
  const end = grants.endOfGrants(subject);
  for (let bound = scope; ; bound = grants.parentOf(bound)) {
    for (let grant = firstAt(grants, subject, bound); grant < end; grant++) {
      if (grants.scopeOf(grant) !== bound) break;
      if (visitor.visit(grants, grant)) return true;
    }
    if (bound === 0) return false;
  }
}

/** The first grant of a subject whose scope is not before `scope`. */
function firstAt(grants: LoadedGrants, subject: number, scope: number): number {
  let low = grants.firstGrant(subject);
  let high = grants.endOfGrants(subject);
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (grants.scopeOf(middle) < scope) low = middle + 1;
    else high = middle;
  }
  return low;
}
