import type { LoadedGrants } from "../policy/loaded-grants.ts";
import type { LoadedModel } from "../policy/loaded-model.ts";
import type { Policy } from "../policy/policy.ts";
import { isFitting } from "./is-fitting.ts";
import type { KeySet } from "./key-set.ts";
import type { Place } from "./place.ts";
import { Precedences } from "./precedence.ts";
import { type GrantVisitor, someGrant } from "./some-grant.ts";
import type { StandingGrant } from "./standing-grant.ts";

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
  const precedences = new Precedences(model, candidates);
  return candidates.filter((grant) => grant.isInForce && !(grant.isDefault && precedences.find(grant)));
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
