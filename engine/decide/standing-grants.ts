import type { LoadedConstraint } from "../policy/loaded-constraints.ts";
import type { LoadedGrants } from "../policy/loaded-grants.ts";
import type { LoadedModel } from "../policy/loaded-model.ts";
import type { Policy } from "../policy/policy.ts";
import { isFitting } from "./is-fitting.ts";
import type { KeySet } from "./key-set.ts";
import { type GrantVisitor, someGrant } from "./some-grant.ts";

/** A grant as constraints see it (semantics, section 6): its role exists, may be bound there, and the subject matches. */
export interface StandingGrant {
  readonly grants: LoadedGrants;
  /** A row of `grants`; -1 for a grant that is only thought of. */
  readonly grant: number;
  /** The key that it is given to. */
  readonly key: number;
  readonly role: number;
  /** The scope that it names, a row of `grants`. */
  readonly scope: number;
  readonly isDefault: boolean;
  /** Whether the subject has it only by a group that the request asserts. */
  readonly isAsserted: boolean;
  /** Whether its window holds. Only then it stands; the others are asked by nothing but defaults that yield. */
  readonly isInForce: boolean;
}

/** Where a request is made: a row of a shard. */
export interface Place {
  readonly grants: LoadedGrants;
  readonly row: number;
}

/**
 * Gathers the grants that stand at a place: those that apply there and, in a domain with constraints on whole
 * organizations, all others in the organization. Defaults that yield are left out, as if they had not been given.
 *
 * @param asks which roles matter, by their rows
 * @param now milliseconds since 1970
 */
export function gatherStanding(
  policy: Policy,
  keys: KeySet,
  place: Place,
  now: number,
  asks: (role: number) => boolean,
): StandingGrant[] {
  const { model } = policy;
  const gatherer = new Gatherer(model, keys, now, asks);
  gatherer.chain(policy.platform, 0);
  if (place.grants !== policy.platform) {
    if (model.constraints.hasWide) gatherer.everywhere(place.grants);
    else gatherer.chain(place.grants, place.row);
  }
  return standing(model, gatherer.found);
}

/**
 * Gathers what stands anywhere in a shard, and at Platform: what units at all of its scopes are made of.
 *
 * @param now milliseconds since 1970
 */
export function gatherStandingIn(
  policy: Policy,
  keys: KeySet,
  grants: LoadedGrants,
  now: number,
  asks: (role: number) => boolean,
): StandingGrant[] {
  return standing(policy.model, gatherCandidatesIn(policy, keys, grants, now, asks));
}

/** The same, in and out of their windows, and with defaults that yield. @param now milliseconds since 1970 */
export function gatherCandidatesIn(
  policy: Policy,
  keys: KeySet,
  grants: LoadedGrants,
  now: number,
  asks: (role: number) => boolean,
): StandingGrant[] {
  const gatherer = new Gatherer(policy.model, keys, now, asks);
  gatherer.chain(policy.platform, 0);
  if (grants !== policy.platform) gatherer.everywhere(grants);
  return gatherer.found;
}

/** Of grants in and out of their windows, those that stand: in force, and no defaults that yield to others. */
export function standing(model: LoadedModel, candidates: readonly StandingGrant[]): StandingGrant[] {
  return candidates.filter(
    (grant) => grant.isInForce && !(grant.isDefault && findPrecedence(model, grant, candidates)),
  );
}

class Gatherer implements GrantVisitor {
  readonly found: StandingGrant[] = [];
  readonly #model: LoadedModel;
  readonly #keys: KeySet;
  readonly #now: number;
  readonly #asks: (role: number) => boolean;
  #key = 0;

  constructor(model: LoadedModel, keys: KeySet, now: number, asks: (role: number) => boolean) {
    this.#model = model;
    this.#keys = keys;
    this.#now = now;
    this.#asks = asks;
  }

  chain(grants: LoadedGrants, row: number): void {
    this.#eachSubject(grants, (subject) => someGrant(grants, subject, row, this));
  }

  everywhere(grants: LoadedGrants): void {
    this.#eachSubject(grants, (subject) => {
      for (let grant = grants.firstGrant(subject); grant < grants.endOfGrants(subject); grant++)
        this.visit(grants, grant);
    });
  }

  visit(grants: LoadedGrants, grant: number): boolean {
    const role = grants.roleOf(grant, this.#model);
    const key = this.#key;
    if (role < 0 || !this.#asks(role)) return false;
    if (!isFitting(this.#model, grants, grant, role, this.#keys.owners[key]!)) return false;
    this.found.push({
      grants,
      grant,
      key,
      role,
      scope: grants.scopeOf(grant),
      isDefault: grants.isDefault(grant),
      isAsserted: this.#keys.asserted[key]!,
      isInForce: grants.isInForce(grant, this.#now),
    });
    return false;
  }

  #eachSubject(grants: LoadedGrants, look: (subject: number) => void): void {
    for (let key = 0; key < this.#keys.count; key++) {
      this.#key = key;
      const subject = this.#keys.rowIn(grants, key);
      if (subject >= 0) look(subject);
    }
  }
}

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

/** Whether a scope is another one or above it, both rows of the same shard. */
export function isOnChain({ grants }: Pick<Place, "grants">, scope: number, below: number): boolean {
  for (let row = below; ; row = grants.scopeParent[row]!) {
    if (row === scope) return true;
    if (row === 0) return false;
  }
}
