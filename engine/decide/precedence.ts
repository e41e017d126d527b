import type { LoadedConstraint, Participation } from "../policy/loaded-constraints.ts";
import type { LoadedGrants } from "../policy/loaded-grants.ts";
import type { LoadedModel } from "../policy/loaded-model.ts";
import type { StandingGrant } from "./standing-grant.ts";

/** What a default yields to. */
export interface Precedence {
  readonly constraint: LoadedConstraint;
  /** The other grant; undefined where the default's role alone carries too many. */
  readonly by: StandingGrant | undefined;
}

/**
 * What defaults yield to (semantics, section 9): a grant that is no default and names another role of an exclusive set, or
 * together with which they would break a static separation of duty, in the unit of their own scope. Windows and conditions of
 * the other are not asked, and asserted groups are not known when defaults are given. A subject may have a default at each of
 * many scopes, so the others are arranged once.
 */
export class Precedences {
  readonly #model: LoadedModel;
  readonly #candidates: readonly StandingGrant[];
  // One grant for each role that is held: at a scope of a shard, and anywhere in the shard.
  #byScope: Map<LoadedGrants, Map<number, Map<number, StandingGrant>>> | undefined;
  readonly #byShard = new Map<LoadedGrants, Map<number, StandingGrant>>();

  /** @param candidates of one subject, in and out of their windows */
  constructor(model: LoadedModel, candidates: readonly StandingGrant[]) {
    this.#model = model;
    this.#candidates = candidates;
  }

  /** What a default yields to, or undefined. */
  find(own: StandingGrant): Precedence | undefined {
    for (const part of this.#model.constraints.of(own.role)) {
      const { constraint } = part;
      if (constraint.kind === "Dynamic") continue;
      const found = this.#exceeding(part, this.#others(own, constraint));
      if (found !== undefined) return found;
    }
    return undefined;
  }

  #exceeding(
    { constraint, members }: Participation,
    others: Iterable<StandingGrant>,
  ): Precedence | undefined {
    const carried = new Set(members);
    let by: StandingGrant | undefined;
    for (const other of others) {
      for (const member of this.#model.constraints.membersOf(constraint, other.role)) {
        if (by === undefined || !members.includes(member)) by = other;
        carried.add(member);
      }
    }
    return carried.size > constraint.atMost ? { constraint, by } : undefined;
  }

  /** Those that count in the unit of the scope that a default names, one for each role and scope at most. */
  *#others({ grants, scope }: StandingGrant, constraint: LoadedConstraint): Generator<StandingGrant> {
    this.#byScope ??= this.#arrange();
    for (const [shard, roles] of this.#byShard) {
      if (shard !== grants || constraint.perOrganization) yield* roles.values();
    }
    if (constraint.perOrganization) return;
    const own = this.#byScope.get(grants);
    for (let row = scope; own !== undefined; row = grants.parentOf(row)) {
      yield* own.get(row)?.values() ?? [];
      if (row === 0) return;
    }
  }

  #arrange(): Map<LoadedGrants, Map<number, Map<number, StandingGrant>>> {
    const byScope = new Map<LoadedGrants, Map<number, Map<number, StandingGrant>>>();
    for (const grant of this.#candidates) {
      if (grant.isDefault || grant.isAsserted) continue;
      const { grants, scope, role } = grant;
      put(this.#byShard, grants, role, grant);
      let scopes = byScope.get(grants);
      if (scopes === undefined) byScope.set(grants, (scopes = new Map()));
      put(scopes, scope, role, grant);
    }
    return byScope;
  }
}

function put<K>(maps: Map<K, Map<number, StandingGrant>>, key: K, role: number, grant: StandingGrant): void {
  const known = maps.get(key);
  if (known === undefined) maps.set(key, new Map([[role, grant]]));
  else if (!known.has(role)) known.set(role, grant);
}
