import type { LoadedGrants } from "../policy/loaded-grants.ts";
import type { Policy } from "../policy/policy.ts";
import { isFitting } from "./is-fitting.ts";
import { type KeySet, SUBJECT } from "./key-set.ts";
import type { Place } from "./place.ts";
import { type GrantVisitor, someGrant } from "./some-grant.ts";
import { type Unit, unitAt, type Void } from "./unit.ts";

/** A grant that applies at a place, whether it counts or not, and what takes its Allow rules away. */
export interface ExaminedGrant {
  readonly grants: LoadedGrants;
  readonly grant: number;
  /** The key that it is given to, in the key set that was examined. */
  readonly key: number;
  /** A row of the model. */
  readonly role: number;
  /** Whether its window holds. If not, nothing of it counts. */
  readonly isInForce: boolean;
  /** Whether the subject is a member where that is required. */
  readonly isMember: boolean;
  /** Whether it comes by a way on which every group with an organization counts. */
  readonly counts: boolean;
  /** Whether the role may be bound at the scope, and the group bound there. */
  readonly isFitting: boolean;
  /** Whether it is a default that yields to another binding: it is as if it had not been given. */
  readonly isYielding: boolean;
  readonly void: Void | undefined;
}

/**
 * Every grant of a subject that applies at a place and whose role exists. Those whose Allow rules count, conditions and
 * active roles aside, are `isEffective`. Deny rules count in all that are in force and no defaults.
 *
 * @param now milliseconds since 1970
 */
export function examineGrants(policy: Policy, keys: KeySet, place: Place, now: number): ExaminedGrant[] {
  const examiner = new Examiner(policy, keys, unitAt(policy, keys, place, now), now);
  examiner.look(policy.platform, 0);
  if (place.grants !== policy.platform) examiner.look(place.grants, place.row);
  return examiner.found;
}

/** Whether nothing takes the Allow rules of a grant away, conditions and active roles aside. */
export function isEffective(grant: ExaminedGrant): boolean {
  return (
    grant.isInForce &&
    grant.isMember &&
    grant.counts &&
    grant.isFitting &&
    !grant.isYielding &&
    grant.void === undefined
  );
}

/** Whether the Deny rules of a grant count, conditions aside. */
export function bringsDenies({ grants, grant, isInForce }: ExaminedGrant): boolean {
  return isInForce && !grants.isDefault(grant);
}

class Examiner implements GrantVisitor {
  readonly found: ExaminedGrant[] = [];
  readonly #policy: Policy;
  readonly #keys: KeySet;
  readonly #unit: Unit;
  readonly #now: number;
  #key = SUBJECT;
  #isMember = false;

  constructor(policy: Policy, keys: KeySet, unit: Unit, now: number) {
    this.#policy = policy;
    this.#keys = keys;
    this.#unit = unit;
    this.#now = now;
  }

  look(grants: LoadedGrants, row: number): void {
    const isOpen = grants === this.#policy.platform || !this.#policy.model.membershipRequired;
    this.#isMember = isOpen || grants.isMember(this.#keys.rowIn(grants, SUBJECT), this.#now);
    for (let key = 0; key < this.#keys.count; key++) {
      this.#key = key;
      const subject = this.#keys.rowIn(grants, key);
      if (subject >= 0) someGrant(grants, subject, row, this);
    }
  }

  visit(grants: LoadedGrants, grant: number): boolean {
    const { model } = this.#policy;
    const role = grants.roleOf(grant, model);
    if (role < 0) return false;
    const key = this.#key;
    const isInForce = grants.isInForce(grant, this.#now);
    const fits = isFitting(model, grants, grant, role, this.#keys.owners[key]!);
    const isConstrained = isInForce && fits && model.constraints.of(role).length > 0;
    const stands = isConstrained ? this.#unit.find(grants, grant) : undefined;
    this.found.push({
      grants,
      grant,
      key,
      role,
      isInForce,
      isMember: this.#isMember,
      counts: this.#keys.counts[key]!,
      isFitting: fits,
      isYielding: isConstrained && stands === undefined,
      void: stands && this.#unit.findVoid(stands),
    });
    return false;
  }
}
