import type { LoadedModel } from "../policy/loaded-model.ts";
import type { Policy } from "../policy/policy.ts";
import type { KeySet } from "./key-set.ts";
import type { ResolvedScope } from "./resolve-scope.ts";
import { gatherStanding } from "./standing-grants.ts";
import { StandingSet } from "./standing-set.ts";
import { type Activation, Unit } from "./unit.ts";

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

/** The choice of active roles. @param active rows of the model */
export function activationOf({ model }: Policy, active: readonly number[]): Activation {
  return { named: new Set(active), reached: reachedFrom(model, active) };
}

/**
 * The roles whose rules count under a choice of active roles (semantics, 4.7): the active ones that a standing grant which
 * applies at the scope carries, and all that these include. Membership and conditions are not asked.
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
  const standing = gatherStanding(policy, keys, scope, now, () => true);
  return admittedIn(policy, new Unit(policy, scope, new StandingSet(policy, standing)), active);
}

/** The same in a unit that has been gathered, with the grants of all roles. @param active rows of the model */
export function admittedIn({ model }: Policy, unit: Unit, active: readonly number[]): ReadonlySet<number> {
  const held = unit.applying.map(({ role }) => role);
  const carried = reachedFrom(model, held);
  return reachedFrom(
    model,
    active.filter((role) => carried.has(role)),
  );
}

function reachedFrom({ roles }: LoadedModel, from: readonly number[]): ReadonlySet<number> {
  const reached = new Set<number>();
  for (const role of new Set(from)) for (const to of roles.reaches(role)) reached.add(to);
  return reached;
}
