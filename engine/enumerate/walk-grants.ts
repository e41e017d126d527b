import { isFitting } from "../decide/is-fitting.ts";
import { type KeySet, SUBJECT } from "../decide/key-set.ts";
import type { ResolvedScope } from "../decide/resolve-scope.ts";
import { type GrantVisitor, someGrant } from "../decide/some-grant.ts";
import type { Unit } from "../decide/unit.ts";
import type { LoadedGrants } from "../policy/loaded-grants.ts";
import type { Asker } from "./asker.ts";
import { unitOf } from "./unit-of.ts";

/**
 * Told of a grant.
 *
 * @param role a row of the model
 * @param isEffective whether nothing takes its Allow rules away, conditions and the choice of active roles aside
 */
export type SeeGrant = (grants: LoadedGrants, grant: number, role: number, isEffective: boolean) => void;

/**
 * Shows each grant of an asker that applies at a scope and is in force.
 *
 * @param keys those of the asker at the instant
 * @param instant milliseconds since 1970
 */
export function walkGrants(
  asker: Asker,
  keys: KeySet,
  scope: ResolvedScope,
  instant: number,
  see: SeeGrant,
): void {
  new Walk(asker, keys, scope, instant, see).run();
}

class Walk implements GrantVisitor {
  readonly #asker: Asker;
  readonly #keys: KeySet;
  readonly #scope: ResolvedScope;
  readonly #instant: number;
  readonly #see: SeeGrant;
  // Made when the first grant comes that a constraint may void.
  #unit: Unit | undefined;
  #key = SUBJECT;
  #isMember = false;

  constructor(asker: Asker, keys: KeySet, scope: ResolvedScope, instant: number, see: SeeGrant) {
    this.#asker = asker;
    this.#keys = keys;
    this.#scope = scope;
    this.#instant = instant;
    this.#see = see;
  }

  run(): void {
    const { platform } = this.#asker.policy;
    this.#look(platform, 0);
    if (this.#scope.grants !== platform) this.#look(this.#scope.grants, this.#scope.row);
  }

  visit(grants: LoadedGrants, grant: number): boolean {
    const role = grants.roleOf(grant, this.#asker.policy.model);
    if (role >= 0 && grants.isInForce(grant, this.#instant))
      this.#see(grants, grant, role, this.#isEffective(grants, grant, role));
    return false;
  }

  #look(grants: LoadedGrants, row: number): void {
    const { policy, isMemberEverywhere } = this.#asker;
    const isOpen = isMemberEverywhere || grants === policy.platform || !policy.model.membershipRequired;
    this.#isMember = isOpen || grants.isMember(this.#keys.rowIn(grants, SUBJECT), this.#instant);
    for (let key = 0; key < this.#keys.count; key++) {
      const subject = this.#keys.rowIn(grants, key);
      this.#key = key;
      if (subject >= 0) someGrant(grants, subject, row, this);
    }
  }

  #isEffective(grants: LoadedGrants, grant: number, role: number): boolean {
    const { model } = this.#asker.policy;
    const key = this.#key;
    if (!this.#isMember || !this.#keys.counts[key]) return false;
    if (!isFitting(model, grants, grant, role, this.#keys.owners[key]!)) return false;
    if (model.constraints.setsOf(role) === 0) return true;
    this.#unit ??= unitOf(this.#asker, this.#keys, this.#scope, this.#instant);
    return this.#unit.holds(grants, grant);
  }
}
