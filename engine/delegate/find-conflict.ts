import { heldGrants } from "../decide/held-grants.ts";
import type { KeySet } from "../decide/key-set.ts";
import { isOnChain, type Place } from "../decide/place.ts";
import { gatherCandidatesIn, hypotheticalGrant, type StandingGrant } from "../decide/standing-grants.ts";
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
  const places = placesOf(policy, grantsOf(policy, keys, hypothetical, asks), hypothetical);
  const isWide = constraints.voiding.every(({ perOrganization }) => perOrganization);
  for (const grants of new Set(places.map((place) => place.grants))) {
    const others = gatherCandidatesIn(policy, keys, grants, now, asks).filter(
      (other) => !other.isDefault && other.grants.bindingName(other.grant) !== without,
    );
    const within = places.filter((place) => place.grants === grants);
    // Whole organizations are the same at each of their scopes.
    for (const place of isWide ? within.slice(0, 1) : within) {
      const conflict = findConflictAt(policy, place, others, hypothetical, now);
      if (conflict !== undefined) return conflict;
    }
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

/** The grants of the subject that may matter: those of roles in such constraints; all shards, if one would be added at Platform. */
function grantsOf(
  policy: Policy,
  keys: KeySet,
  hypothetical: readonly StandingGrant[],
  asks: (role: number) => boolean,
): { readonly grants: LoadedGrants; readonly grant: number }[] {
  const shards = new Set([policy.platform, ...hypothetical.map(({ grants }) => grants)]);
  if (hypothetical.some(({ grants }) => grants === policy.platform))
    for (const grants of policy.organizations.values()) shards.add(grants);
  const found = [];
  for (const grants of shards)
    for (const { grant } of heldGrants(keys, grants)) {
      const role = grants.roleOf(grant, policy.model);
      if (role >= 0 && asks(role)) found.push({ grants, grant });
    }
  return found;
}

/**
 * The places that differ in what the subject has: those of the grants that would be added, and those below where it has
 * others. Anywhere else is like the nearest of these above.
 */
function placesOf(
  policy: Policy,
  others: ReturnType<typeof grantsOf>,
  hypothetical: readonly StandingGrant[],
): Place[] {
  const places = new Map<string, Place>();
  const isBelow = (place: Place) =>
    hypothetical.some(
      ({ grants, scope }) =>
        grants === policy.platform || (grants === place.grants && isOnChain(place, scope, place.row)),
    );
  const add = (place: Place) => {
    if (isBelow(place)) places.set(`${place.grants.organization}/${place.row}`, place);
  };
  for (const { grants, scope } of hypothetical) add({ grants, row: scope });
  for (const { grants, grant } of others) add({ grants, row: grants.scopeOf(grant) });
  return [...places.values()];
}
