import { heldGrants } from "../decide/held-grants.ts";
import type { KeySet } from "../decide/key-set.ts";
import { isOnChain, type Place } from "../decide/place.ts";
import { hypotheticalGrant, type StandingGrant } from "../decide/standing-grant.ts";
import { gatherCandidatesIn } from "../decide/standing-grants.ts";
import { StandingSet } from "../decide/standing-set.ts";
import { Unit } from "../decide/unit.ts";
import type { LoadedConstraint } from "../policy/loaded-constraints.ts";
import type { LoadedGrants } from "../policy/loaded-grants.ts";
import type { Policy } from "../policy/policy.ts";
import { standingStates } from "./standing-states.ts";

/** A grant that would be added: it begins now and does not end. */
export interface AddedGrant {
  /** A row of the model. */
  readonly role: number;
  readonly place: Place;
}

/** Why a grant can not be added. */
export interface Conflict {
  readonly constraint: LoadedConstraint;
  /** The grants that can not be held together; `grant` of an added one is -1. */
  readonly parties: readonly [StandingGrant, StandingGrant];
}

/**
 * What static separation of duty or exclusive set would come to void a grant if these were added: one of them, or one that
 * it does not void now, each constraint by itself. Looked at wherever one of them applies, from now on: other grants that begin later count from then on. The
 * defaults of the subject yield, so they conflict with nothing.
 *
 * @param keys what the subject acts under
 * @param without a binding whose grants are replaced by those that are added
 * @param now milliseconds since 1970
 */
export function findConflict(
  policy: Policy,
  keys: KeySet,
  added: readonly AddedGrant[],
  now: number,
  without?: string,
): Conflict | undefined {
  const { constraints } = policy.model;
  const asks = (role: number) => constraints.setsOf(role) !== 0;
  const hypothetical = added
    .filter(({ role }) => asks(role))
    .map(({ role, place: { grants, row } }) => hypotheticalGrant(grants, row, role, false));
  if (hypothetical.length === 0) return undefined;
  const conflictIn = (grants: LoadedGrants) =>
    findConflictIn(policy, keys, grants, hypothetical, asks, now, without);
  const own = new Set(hypothetical.map(({ grants }) => grants));
  for (const grants of own) {
    const conflict = conflictIn(grants);
    if (conflict !== undefined) return conflict;
  }
  if (!own.has(policy.platform)) return undefined;
  // What would be added at Platform applies in all of them.
  let found: Conflict | undefined;
  policy.organizations.some((grants) => {
    if (!own.has(grants)) found = conflictIn(grants);
    return found !== undefined;
  });
  return found;
}

/** The conflict at places of one shard. */
function findConflictIn(
  policy: Policy,
  keys: KeySet,
  grants: LoadedGrants,
  hypothetical: readonly StandingGrant[],
  asks: (role: number) => boolean,
  now: number,
  without: string | undefined,
): Conflict | undefined {
  const places = placesIn(policy, keys, grants, hypothetical, asks);
  if (places.length === 0) return undefined;
  const others = gatherCandidatesIn(policy, keys, grants, now, asks).filter(
    (other) => !other.isDefault && other.grants.bindingName(other.grant) !== without,
  );
  // Whole organizations are the same at each of their scopes.
  const isWide = policy.model.constraints.voiding.every(({ perOrganization }) => perOrganization);
  for (const place of isWide ? places.slice(0, 1) : places) {
    const conflict = findConflictAt(policy, place, others, hypothetical, now);
    if (conflict !== undefined) return conflict;
  }
  return undefined;
}

/** @param others all of the subject in the organization of the place and at Platform, in and out of their windows */
function findConflictAt(
  policy: Policy,
  place: Place,
  others: readonly StandingGrant[],
  hypothetical: readonly StandingGrant[],
  now: number,
): Conflict | undefined {
  const isAtPlatform = ({ grants }: StandingGrant) => grants === policy.platform;
  const applies = (other: StandingGrant) => isAtPlatform(other) || isOnChain(place, other.scope, place.row);
  const { hasWide } = policy.model.constraints;
  const alikeness = (other: StandingGrant) =>
    other.role * 4 + (isAtPlatform(other) ? 2 : 0) + (applies(other) ? 1 : 0);
  const mattering = hasWide ? others : others.filter(applies);
  for (const held of standingStates(mattering, alikeness, now)) {
    const conflict = compare(policy, place, held, hypothetical);
    if (conflict !== undefined) return conflict;
  }
  return undefined;
}

/** Compares a unit without and with the grants that would be added. */
function compare(
  policy: Policy,
  place: Place,
  held: readonly StandingGrant[],
  hypothetical: readonly StandingGrant[],
): Conflict | undefined {
  const present = hypothetical.filter(({ grants }) => grants === place.grants || grants === policy.platform);
  const before = new Unit(policy, place, new StandingSet(policy, held));
  const after = new Unit(policy, place, new StandingSet(policy, [...held, ...present]));
  for (const grant of after.standing) {
    const known = grant.grant < 0 ? [] : [...before.voidsOf(grant)].map(({ constraint }) => constraint);
    for (const { constraint, by } of after.voidsOf(grant))
      if (!known.includes(constraint)) return { constraint, parties: [grant, by] };
  }
  return undefined;
}

/**
 * The places of a shard that differ in what the subject has: those of the grants that would be added, and those below where it
 * has others of roles that matter. Anywhere else is like the nearest of these above.
 */
function placesIn(
  policy: Policy,
  keys: KeySet,
  grants: LoadedGrants,
  hypothetical: readonly StandingGrant[],
  asks: (role: number) => boolean,
): Place[] {
  const rows = new Set<number>();
  const isBelow = (row: number) =>
    hypothetical.some(
      (added) =>
        added.grants === policy.platform ||
        (added.grants === grants && isOnChain({ grants }, added.scope, row)),
    );
  for (const added of hypothetical) if (added.grants === grants) rows.add(added.scope);
  for (const { grant } of heldGrants(keys, grants)) {
    const role = grants.roleOf(grant, policy.model);
    const row = grants.scopeOf(grant);
    if (role >= 0 && asks(role) && isBelow(row)) rows.add(row);
  }
  return [...rows].map((row) => ({ grants, row }));
}
