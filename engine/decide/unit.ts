import type { LoadedConstraint } from "../policy/loaded-constraints.ts";
import type { LoadedModel } from "../policy/loaded-model.ts";
import type { Policy } from "../policy/policy.ts";
import { HeldRoles } from "./held-roles.ts";
import type { KeySet } from "./key-set.ts";
import { isOnChain, type Place } from "./place.ts";
import type { StandingGrant } from "./standing-grant.ts";
import { gatherStanding } from "./standing-grants.ts";
import { partsByConstraint, StandingSet } from "./standing-set.ts";

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

/**
 * The standing grants of one subject as constraints see them at a place (semantics, section 6).
 *
 * INVARIANT: what is void depends on the standing grants alone, not on what else is void, so no order matters.
 */
export class Unit {
  readonly #model: LoadedModel;
  readonly #platform: Policy["platform"];
  readonly #place: Place;
  readonly #set: StandingSet;
  readonly #held = new Map<LoadedConstraint, HeldRoles>();
  #applying: readonly StandingGrant[] | undefined;
  #parts: ReturnType<typeof partsByConstraint> | undefined;

  /** @param standing in the organization of the place and at Platform, as far as constraints may ask */
  constructor(policy: Policy, place: Place, standing: StandingSet) {
    this.#model = policy.model;
    this.#platform = policy.platform;
    this.#place = place;
    this.#set = standing;
  }

  /** All that stand in the organization of the place and at Platform, as far as constraints may ask. */
  get standing(): readonly StandingGrant[] {
    return this.#set.all;
  }

  /** Those that apply at the place. */
  get applying(): readonly StandingGrant[] {
    return (this.#applying ??= this.#set.at(this.#place));
  }

  /** Whether a grant applies at the place. */
  applies({ grants, scope }: StandingGrant): boolean {
    if (grants === this.#platform) return true;
    return grants === this.#place.grants && isOnChain(this.#place, scope, this.#place.row);
  }

  /** The grant of a shard, if it stands here. */
  find(grants: Place["grants"], grant: number): StandingGrant | undefined {
    return this.#set.find(grants, grant);
  }

  /** Whether a grant is one of those that stand. */
  stands(grant: StandingGrant): boolean {
    return this.#set.has(grant);
  }

  /** Whether the grant of a shard stands here and nothing voids it. */
  holds(grants: Place["grants"], grant: number): boolean {
    const found = this.find(grants, grant);
    return found !== undefined && this.findVoid(found) === undefined;
  }

  /** What voids a grant that stands here, or undefined. */
  findVoid(grant: StandingGrant): Void | undefined {
    for (const found of this.voidsOf(grant)) return found;
    return undefined;
  }

  /** All that voids a grant that stands here. One that does not apply here is in units of whole organizations only. */
  *voidsOf(grant: StandingGrant): Iterable<Void> {
    const applies = this.applies(grant);
    for (const { constraint, members } of this.#model.constraints.of(grant.role)) {
      if (constraint.kind === "Dynamic" || !(applies || constraint.perOrganization)) continue;
      const isAtPlatform = grant.grants === this.#platform;
      const by = this.#heldRoles(constraint).findRival({ grant, members, isAtPlatform });
      if (by !== undefined) yield { constraint, by };
    }
  }

  /** The first dynamic separation of duty that the active roles break, or undefined. */
  findDynamicConflict(activation: Activation | undefined): DynamicConflict | undefined {
    for (const constraint of this.#model.constraints.dynamic) {
      const roles = this.#activeRoles(constraint, activation);
      if (roles.length > constraint.atMost) return { constraint, roles };
    }
    return undefined;
  }

  /** The roles of a constraint that are active, rows of the model. */
  #activeRoles(constraint: LoadedConstraint, activation: Activation | undefined): number[] {
    const isActive = (role: number) => activation?.reached.has(role) ?? true;
    const { platform, all } = this.#heldRoles(constraint);
    const rolesOf = (members: Iterable<number>) => [...members].map((member) => constraint.roles[member]!);
    const above = rolesOf(platform.keys()).filter(isActive);
    const active = new Set(above);
    // So that no tenant takes a provider's ability away by giving it another role.
    const counts = (role: number) => above.length === 0 || (activation?.named.has(role) ?? false);
    for (const role of rolesOf(all.keys())) if (isActive(role) && counts(role)) active.add(role);
    return [...active];
  }

  #heldRoles(constraint: LoadedConstraint): HeldRoles {
    if (constraint.perOrganization) return this.#set.wide(constraint);
    const known = this.#held.get(constraint);
    if (known !== undefined) return known;
    this.#parts ??= partsByConstraint(this.#model, this.#platform, this.applying);
    const held = new HeldRoles(constraint, this.#parts.get(constraint) ?? []);
    this.#held.set(constraint, held);
    return held;
  }
}

/** The unit of a place with the grants of the roles that constraints concern. @param now milliseconds since 1970 */
export function unitAt(policy: Policy, keys: KeySet, place: Place, now: number): Unit {
  return new Unit(policy, place, standingAt(policy, keys, place, now));
}

/** What stands at a place of the roles that constraints concern. @param now milliseconds since 1970 */
export function standingAt(policy: Policy, keys: KeySet, place: Place, now: number): StandingSet {
  const { constraints } = policy.model;
  const standing = gatherStanding(policy, keys, place, now, (role) => constraints.of(role).length > 0);
  return new StandingSet(policy, standing);
}
