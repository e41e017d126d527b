import type { LoadedGrants } from "../policy/loaded-grants.ts";
import type { LoadedModel } from "../policy/loaded-model.ts";
import type { Policy } from "../policy/policy.ts";
import { isFitting } from "./is-fitting.ts";
import type { KeySet } from "./key-set.ts";
import type { ResolvedScope } from "./resolve-scope.ts";
import { type GrantVisitor, someGrant } from "./some-grant.ts";

/** The active roles as rows of the model; undefined: none given; a sentence: one does not exist. */
export function findActiveRoles(
  policy: Policy,
  names: readonly string[],
): readonly number[] | string | undefined {
  if (names.length === 0) return undefined;
  const rows: number[] = [];
  for (const name of names) {
    const row = policy.model.roleRows.get(name);
    if (row === undefined) return `active_roles names the role ${JSON.stringify(name)}, which does not exist`;
    rows.push(row);
  }
  return rows;
}

/**
 * The roles whose rules count under a choice of active roles (semantics, 4.7): the active ones that a standing grant at the
 * scope carries, and all that these include. Membership and conditions are not asked.
 *
 * @param active rows of the model
 * @param now milliseconds since 1970
 */
export function admittedRoles(
  policy: Policy,
  keys: KeySet,
  scope: ResolvedScope,
  active: readonly number[],
  now: number,
): ReadonlySet<number> {
  const { roles } = policy.model;
  const carried = new CarriedRoles(policy.model, keys, now);
  carried.look(policy.platform, 0);
  if (scope.grants !== policy.platform) carried.look(scope.grants, scope.row);
  const admitted = new Set<number>();
  for (const role of active) {
    if (carried.roles.has(role)) for (const reached of roles.reaches(role)) admitted.add(reached);
  }
  return admitted;
}

/** Gathers the roles that standing grants name or include. */
class CarriedRoles implements GrantVisitor {
  readonly roles = new Set<number>();
  readonly #model: LoadedModel;
  readonly #keys: KeySet;
  readonly #now: number;
  #owner = "";

  constructor(model: LoadedModel, keys: KeySet, now: number) {
    this.#model = model;
    this.#keys = keys;
    this.#now = now;
  }

  look(grants: LoadedGrants, row: number): void {
    const keys = this.#keys;
    for (let key = 0; key < keys.count; key++) {
      const subject = keys.rowIn(grants, key);
      this.#owner = keys.owners[key]!;
      if (subject >= 0) someGrant(grants, subject, row, this);
    }
  }

  visit(grants: LoadedGrants, grant: number): boolean {
    const role = grants.roleOf(grant, this.#model);
    if (role < 0 || !grants.isInForce(grant, this.#now)) return false;
    if (!isFitting(this.#model, grants, grant, role, this.#owner)) return false;
    for (const reached of this.#model.roles.reaches(role)) this.roles.add(reached);
    return false;
  }
}
