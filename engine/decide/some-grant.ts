import type { LoadedGrants } from "../policy/loaded-grants.ts";

// Up to this many grants a walk over all is cheaper than a search for each scope of the chain.
const WALK = 12;

/** Sees bindings. An object rather than a function, so that looking for grants allocates nothing. */
export interface GrantVisitor {
  /** @returns whether to stop */
  visit(grants: LoadedGrants, binding: number): boolean;
}

/**
 * Shows each binding of a subject that applies at a scope to a visitor, until that stops.
 *
 * @param subject a row of the shard
 * @param scope a row of the shard; bindings at it and above it within the shard apply
 * @returns whether the visitor stopped
 */
export function someGrant(
  grants: LoadedGrants,
  subject: number,
  scope: number,
  visitor: GrantVisitor,
): boolean {
  const { grantBinding, scopeParent } = grants;
  const end = grants.subjectGrantEnds[subject]!;
  const start = grants.firstGrant(subject);
  if (end - start > WALK) return someGrantBySearch(grants, start, end, scope, visitor);
  const parent = scopeParent[scope]!;
  for (let at = start; at < end; at++) {
    const binding = grantBinding[at]!;
    const bound = grants.scopeOf(binding);
    // The chain within a shard is the scope, its parent and row 0.
    if ((bound === scope || bound === parent || bound === 0) && visitor.visit(grants, binding)) return true;
  }
  return false;
}

function someGrantBySearch(
  grants: LoadedGrants,
  start: number,
  end: number,
  scope: number,
  visitor: GrantVisitor,
): boolean {
  const { grantBinding, scopeParent } = grants;
  for (let bound = scope; ; bound = scopeParent[bound]!) {
    for (let at = firstAt(grants, start, end, bound); at < end; at++) {
      const binding = grantBinding[at]!;
      if (grants.scopeOf(binding) !== bound) break;
      if (visitor.visit(grants, binding)) return true;
    }
    if (bound === 0) return false;
  }
}

/** The first of the grants, which are ordered by scope, whose scope is not before `scope`. */
function firstAt(grants: LoadedGrants, start: number, end: number, scope: number): number {
  let low = start;
  let high = end;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (grants.scopeOf(grants.grantBinding[middle]!) < scope) low = middle + 1;
    else high = middle;
  }
  return low;
}
