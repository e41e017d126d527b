import type { LoadedConstraint } from "../policy/loaded-constraints.ts";
import type { LoadedModel } from "../policy/loaded-model.ts";
import type { Policy } from "../policy/policy.ts";
import type { KeySet } from "./key-set.ts";
import { gatherStanding, isOnChain, type Place, type StandingGrant } from "./standing-grants.ts";

/** Why a grant is void. */
export interface Void {
  readonly constraint: LoadedConstraint;
  /** The other party; the grant itself where its role alone carries too many. */
  readonly by: StandingGrant;
}

/** More roles active than a dynamic separation of duty allows. */
export interface DynamicConflict {
  readonly constraint: LoadedConstraint;
  /** Rows of the model. */
  readonly roles: readonly number[];
}

/** The choice of active roles of a request. */
export interface Activation {
  /** The roles named, rows of the model. */
  readonly named: ReadonlySet<number>;
  /** These and all that they include. */
  readonly reached: ReadonlySet<number>;
}

/** What a set of grants holds of a constraint's roles, as indexes. */
type Members = Set<number>;

/**
 * The standing grants of one subject as constraints see them at a place (semantics, section 6).
 *
 * INVARIANT: what is void depends on the standing grants alone, not on what else is void, so no order matters.
 */
export class Unit {
  /** All that stand in the organization of the place and at Platform, as far as constraints may ask. */
  readonly standing: readonly StandingGrant[];
  readonly #model: LoadedModel;
  readonly #platform: Policy["platform"];
  readonly #place: Place;

  constructor(policy: Policy, place: Place, standing: readonly StandingGrant[]) {
    this.standing = standing;
    this.#model = policy.model;
    this.#platform = policy.platform;
    this.#place = place;
  }

  /** Whether a grant applies at the place. */
  applies({ grants, scope }: StandingGrant): boolean {
    if (grants === this.#platform) return true;
    return grants === this.#place.grants && isOnChain(this.#place, scope, this.#place.row);
  }

  /** The grant of a shard, given to a key, if it stands here. */
  find(grants: Place["grants"], grant: number, key: number): StandingGrant | undefined {
    return this.standing.find(
      (other) => other.grant === grant && other.grants === grants && other.key === key,
    );
  }

  /** Whether the grant of a shard, given to a key, stands here and nothing voids it. */
  holds(grants: Place["grants"], grant: number, key: number): boolean {
    const found = this.find(grants, grant, key);
    return found !== undefined && this.findVoid(found) === undefined;
  }

  /** What voids a grant that stands here, or undefined. One that does not apply here is in units of whole organizations only. */
  findVoid(grant: StandingGrant): Void | undefined {
    const applies = this.applies(grant);
    for (const { constraint, members } of this.#model.constraints.of(grant.role)) {
      if (constraint.kind === "Dynamic" || !(applies || constraint.perOrganization)) continue;
      const others = this.#inUnit(constraint);
      const by =
        constraint.kind === "Exclusive"
          ? this.#outranked(constraint, grant, members[0]!, others)
          : this.#overloaded(constraint, grant, members, others);
      if (by !== undefined) return { constraint, by };
    }
    return undefined;
  }

  /** The first dynamic separation of duty that the active roles break, or undefined. */
  findDynamicConflict(activation: Activation | undefined): DynamicConflict | undefined {
    for (const constraint of this.#model.constraints.dynamic) {
      const roles = this.#activeRoles(constraint, activation);
      if (roles.size > constraint.atMost)
        return { constraint, roles: [...roles].map((member) => constraint.roles[member]!) };
    }
    return undefined;
  }

  #activeRoles(constraint: LoadedConstraint, activation: Activation | undefined): Members {
    const isActive = (member: number) => activation?.reached.has(constraint.roles[member]!) ?? true;
    const inUnit = this.#inUnit(constraint);
    const above = inUnit.filter((grant) => this.#isAtPlatform(grant));
    const below = inUnit.filter((grant) => !this.#isAtPlatform(grant));
    const active = new Set([...this.#carried(constraint, above)].filter(isActive));
    // So that no tenant takes a provider's ability away by giving it another role.
    const isNamed = (member: number) => activation?.named.has(constraint.roles[member]!) ?? false;
    const hasAbove = active.size > 0;
    for (const member of this.#carried(constraint, below))
      if (isActive(member) && (!hasAbove || isNamed(member))) active.add(member);
    return active;
  }

  #inUnit(constraint: LoadedConstraint): readonly StandingGrant[] {
    const isPart = (grant: StandingGrant) =>
      this.#model.constraints.membersOf(constraint, grant.role).length > 0 &&
      (constraint.perOrganization || this.applies(grant));
    return this.standing.filter(isPart);
  }

  /** The grant that keeps an exclusive place from another role, if there is one. */
  #outranked(
    constraint: LoadedConstraint,
    grant: StandingGrant,
    member: number,
    inUnit: readonly StandingGrant[],
  ): StandingGrant | undefined {
    const given = inUnit.filter((other) => !other.isDefault);
    const atPlatform = given.filter((other) => this.#isAtPlatform(other));
    if (this.#isAtPlatform(grant)) return this.#firstOther(constraint, member, atPlatform);
    const rivals = atPlatform.length > 0 ? atPlatform : given.length > 0 ? given : inUnit;
    return this.#firstOther(constraint, member, rivals);
  }

  /** Of the grants of an exclusive set the one whose role stands first, unless that is the role itself. */
  #firstOther(
    constraint: LoadedConstraint,
    member: number,
    grants: readonly StandingGrant[],
  ): StandingGrant | undefined {
    const memberOf = (grant: StandingGrant) => this.#model.constraints.membersOf(constraint, grant.role)[0]!;
    let first: StandingGrant | undefined;
    for (const grant of grants) if (first === undefined || memberOf(grant) < memberOf(first)) first = grant;
    return first === undefined || memberOf(first) === member ? undefined : first;
  }

  /** The other party of a broken static separation of duty, if it is broken. */
  #overloaded(
    constraint: LoadedConstraint,
    grant: StandingGrant,
    members: readonly number[],
    inUnit: readonly StandingGrant[],
  ): StandingGrant | undefined {
    const given = inUnit.filter((other) => !other.isDefault);
    const rivals = this.#isAtPlatform(grant) ? given.filter((other) => this.#isAtPlatform(other)) : given;
    const isTooMany = (carried: ReadonlySet<number>) => carried.size > constraint.atMost;
    const carried = this.#carried(constraint, rivals);
    if (!grant.isDefault)
      return isTooMany(carried) ? this.#other(constraint, grant, members, rivals) : undefined;
    const fits = (other: StandingGrant) => !isTooMany(this.#carried(constraint, [other], carried));
    if (!fits(grant)) return this.#other(constraint, grant, members, rivals);
    const defaults = inUnit.filter((other) => other.isDefault && fits(other));
    if (!isTooMany(this.#carried(constraint, defaults, carried))) return undefined;
    return this.#other(constraint, grant, members, [...rivals, ...defaults]);
  }

  /** A grant that carries one of the roles which this one does not; else the grant itself. */
  #other(
    constraint: LoadedConstraint,
    grant: StandingGrant,
    members: readonly number[],
    rivals: readonly StandingGrant[],
  ): StandingGrant {
    const differs = (other: StandingGrant) =>
      this.#model.constraints.membersOf(constraint, other.role).some((member) => !members.includes(member));
    return rivals.find(differs) ?? grant;
  }

  #carried(
    constraint: LoadedConstraint,
    grants: readonly StandingGrant[],
    also: Iterable<number> = [],
  ): Members {
    const members = new Set(also);
    for (const { role } of grants)
      for (const member of this.#model.constraints.membersOf(constraint, role)) members.add(member);
    return members;
  }

  #isAtPlatform({ grants }: StandingGrant): boolean {
    return grants === this.#platform;
  }
}

/** The unit of a place with the grants of the roles that constraints concern. @param now milliseconds since 1970 */
export function unitAt(policy: Policy, keys: KeySet, place: Place, now: number): Unit {
  const { constraints } = policy.model;
  const standing = gatherStanding(policy, keys, place, now, (role) => constraints.of(role).length > 0);
  return new Unit(policy, place, standing);
}
