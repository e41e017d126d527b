import type { LoadedGrants } from "../policy/loaded-grants.ts";
import type { LoadedModel } from "../policy/loaded-model.ts";
import type { Policy } from "../policy/policy.ts";
import { isFitting } from "./is-fitting.ts";
import { type KeySet, SUBJECT } from "./key-set.ts";
import { Overlaps } from "./overlaps.ts";
import type { ResolvedScope } from "./resolve-scope.ts";
import { allowingRole, allows, denies, type Target } from "./rule-match.ts";
import { type GrantVisitor, someGrant } from "./some-grant.ts";
import { type Unit, unitAt } from "./unit.ts";

/** The grant that decided, in a shard, and the key that it is given to. */
export interface DecidingGrant {
  readonly grants: LoadedGrants;
  readonly grant: number;
  readonly key: number;
}

/**
 * One look at all grants of a subject at a scope. A Deny rule that matches ends it; an Allow rule of an effective grant is
 * kept until no Deny rule is left to come. Whether constraints void a grant is asked last, and only if it matters.
 */
export class Evaluation implements GrantVisitor {
  allowed: DecidingGrant | undefined;
  denied: DecidingGrant | undefined;
  readonly #policy: Policy;
  readonly #model: LoadedModel;
  readonly #keys: KeySet;
  readonly #target: Target;
  readonly #now: number;
  /** The roles whose Allow rules count; undefined: all. */
  readonly #admitted: ReadonlySet<number> | undefined;
  #key = SUBJECT;
  #isMember = false;
  // Kept once a grant was seen that a constraint may void.
  #overlaps: Overlaps | undefined;
  #candidates: DecidingGrant[] | undefined;

  /** @param now milliseconds since 1970 */
  constructor(
    policy: Policy,
    keys: KeySet,
    target: Target,
    now: number,
    admitted: ReadonlySet<number> | undefined,
  ) {
    this.#policy = policy;
    this.#model = policy.model;
    this.#keys = keys;
    this.#target = target;
    this.#now = now;
    this.#admitted = admitted;
  }

  run(scope: ResolvedScope): "Allowed" | "ExplicitDeny" | "NoGrant" {
    const { platform } = this.#policy;
    const { grants, row } = scope;
    if (this.#look(platform, 0) || (grants !== platform && this.#look(grants, row))) return "ExplicitDeny";
    if (this.allowed === undefined && this.#candidates !== undefined) this.#chooseCandidate(scope);
    return this.allowed === undefined ? "NoGrant" : "Allowed";
  }

  visit(grants: LoadedGrants, grant: number): boolean {
    const role = grants.roleOf(grant, this.#model);
    if (role < 0) return false;
    const sets = this.#model.constraints.setsOf(role);
    if (sets !== 0) (this.#overlaps ??= new Overlaps(this.#model.constraints)).note(role);
    if (!grants.isInForce(grant, this.#now)) return false;
    if (denies(this.#model.roles, role, this.#target) && this.#bringsDenies(grants, grant)) {
      this.denied = { grants, grant, key: this.#key };
      return true;
    }
    if (this.allowed === undefined && this.#isEffective(grants, grant, role) && this.#allows(role)) {
      const found = { grants, grant, key: this.#key };
      if (sets === 0) this.allowed = found;
      else (this.#candidates ??= []).push(found);
    }
    return false;
  }

  #chooseCandidate(scope: ResolvedScope): void {
    const candidates = this.#candidates!;
    if (!this.#overlaps?.mayConflict) {
      this.allowed = candidates[0];
      return;
    }
    const unit: Unit = unitAt(this.#policy, this.#keys, scope, this.#now);
    this.allowed = candidates.find(({ grants, grant }) => unit.holds(grants, grant));
  }

  /** A default brings no Deny rules, and a condition that is false takes them away. */
  #bringsDenies(grants: LoadedGrants, grant: number): boolean {
    if (grants.isDefault(grant)) return false;
    return !grants.isConditional(grant) || this.#target.circumstances.mayHold(grants.conditionOf(grant));
  }

  #look(grants: LoadedGrants, row: number): boolean {
    const keys = this.#keys;
    const isOpen = grants === this.#policy.platform || !this.#model.membershipRequired;
    this.#isMember = isOpen;
    for (let key = 0; key < keys.count; key++) {
      const subject = keys.rowIn(grants, key);
      if (key === SUBJECT && !isOpen) this.#isMember = grants.isMember(subject, this.#now);
      this.#key = key;
      if (subject >= 0 && someGrant(grants, subject, row, this)) return true;
    }
    return false;
  }

  /** Whether nothing takes the Allow rules of the grant away, constraints aside. */
  #isEffective(grants: LoadedGrants, grant: number, role: number): boolean {
    return (
      this.#isMember &&
      this.#keys.counts[this.#key]! &&
      isFitting(this.#model, grants, grant, role, this.#keys.owners[this.#key]!) &&
      (!grants.isConditional(grant) || this.#target.circumstances.isMet(grants.conditionOf(grant)))
    );
  }

  #allows(role: number): boolean {
    const { roles } = this.#model;
    const admitted = this.#admitted;
    if (admitted === undefined) return allows(roles, role, this.#target);
    return allowingRole(roles, role, this.#target, (from) => admitted.has(from)) !== undefined;
  }
}
