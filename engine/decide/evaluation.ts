import type { LoadedGrants } from "../policy/loaded-grants.ts";
import type { LoadedModel } from "../policy/loaded-model.ts";
import type { Policy } from "../policy/policy.ts";
import { isFitting } from "./is-fitting.ts";
import { type KeySet, SUBJECT } from "./key-set.ts";
import type { ResolvedScope } from "./resolve-scope.ts";
import { allowingRole, allows, denies, type Target } from "./rule-match.ts";
import { type GrantVisitor, someGrant } from "./some-grant.ts";

/** The grant that decided, in a shard, and the key that it is given to. */
export interface DecidingGrant {
  readonly grants: LoadedGrants;
  readonly grant: number;
  readonly key: number;
}

/**
 * One look at all grants of a subject at a scope. A Deny rule that matches ends it; an Allow rule of an effective grant is
 * kept until no Deny rule is left to come.
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
  #isAllowed = false;

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

  run({ grants, row }: ResolvedScope): "Allowed" | "ExplicitDeny" | "NoGrant" {
    const { platform } = this.#policy;
    if (this.#look(platform, 0) || (grants !== platform && this.#look(grants, row))) return "ExplicitDeny";
    return this.#isAllowed ? "Allowed" : "NoGrant";
  }

  visit(grants: LoadedGrants, grant: number): boolean {
    if (!grants.isInForce(grant, this.#now)) return false;
    const role = grants.roleOf(grant, this.#model);
    if (role < 0) return false;
    if (denies(this.#model.roles, role, this.#target) && !grants.isDefault(grant)) {
      this.denied = { grants, grant, key: this.#key };
      return true;
    }
    if (!this.#isAllowed && this.#isEffective(grants, grant, role) && this.#allows(role)) {
      this.#isAllowed = true;
      this.allowed = { grants, grant, key: this.#key };
    }
    return false;
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

  /** Whether nothing takes the Allow rules of the grant away. A condition is an error until it is evaluated. */
  #isEffective(grants: LoadedGrants, grant: number, role: number): boolean {
    return (
      this.#isMember &&
      this.#keys.counts[this.#key]! &&
      !grants.isConditional(grant) &&
      isFitting(this.#model, grants, grant, role, this.#keys.owners[this.#key]!)
    );
  }

  #allows(role: number): boolean {
    const { roles } = this.#model;
    const admitted = this.#admitted;
    if (admitted === undefined) return allows(roles, role, this.#target);
    return allowingRole(roles, role, this.#target, (from) => admitted.has(from)) !== undefined;
  }
}
