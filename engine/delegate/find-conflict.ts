import { heldGrants } from "../decide/held-grants.ts";
import type { KeySet } from "../decide/key-set.ts";
import { isOnChain, type Place } from "../decide/place.ts";
import { gatherStanding, hypotheticalGrant, type StandingGrant } from "../decide/standing-grants.ts";
import { StandingSet } from "../decide/standing-set.ts";
import { Unit } from "../decide/unit.ts";
import type { LoadedConstraint } from "../policy/loaded-constraints.ts";
import type { LoadedGrants } from "../policy/loaded-grants.ts";
import type { Policy } from "../policy/policy.ts";

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
 * counts now. Looked at wherever one of them applies, from now on: other grants that begin later count from then on. The
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
  const others = grantsOf(policy, keys, hypothetical, asks);
  const instants = turningPoints(others, now);
  for (const place of placesOf(policy, others, hypothetical)) {
    for (const instant of instants) {
      const held = gatherStanding(policy, keys, place, instant, asks).filter(
        ({ grants, grant, isDefault }) => !isDefault && grants.bindingName(grant) !== without,
      );
      const conflict = compare(policy, place, held, hypothetical);
      if (conflict !== undefined) return conflict;
    }
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
    const found = after.findVoid(grant);
    if (found === undefined || (grant.grant >= 0 && before.findVoid(grant) !== undefined)) continue;
    return { constraint: found.constraint, parties: [grant, found.by] };
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

/** Now, and the instants at which others begin or end: what ends may have kept another void already. */
function turningPoints(others: ReturnType<typeof grantsOf>, now: number): number[] {
  const bounds = others.flatMap(({ grants, grant }) => {
    const { notBefore, expires } = grants.windowOf(grant);
    return [notBefore, expires];
  });
  return [...new Set([now, ...bounds.filter((bound) => bound > now && bound < Infinity)])];
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
