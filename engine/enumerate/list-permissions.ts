import { KeySet } from "../decide/key-set.ts";
import type { DecisionRequest } from "../decide/request.ts";
import { resolveScope } from "../decide/resolve-scope.ts";
import { byCodeUnits } from "../model/order.ts";
import type { LoadedCatalog } from "../policy/loaded-catalog.ts";
import type { Policy } from "../policy/policy.ts";
import { type Asker, askerInGroup, askerOf } from "./asker.ts";
import type { Holding } from "./holding.ts";
import { holdingOf } from "./holding-of.ts";
import { outlookAt } from "./outlook.ts";

/** Who asks and where. */
export type PermissionsRequest = Omit<DecisionRequest, "permission">;

export interface HeldPermission {
  /** "type:verb"; the key of pages. */
  readonly permission: string;
  readonly holding: Holding;
}

/**
 * What a subject may do at a scope (semantics, section 11), ordered by permission. Nothing where every check is denied.
 *
 * @param request well-formed
 * @param now milliseconds since 1970
 * @param after the permission after which to go on; empty: from the start
 */
export function listPermissions(
  policy: Policy,
  request: PermissionsRequest,
  now: number,
  after = "",
): Iterable<HeldPermission> {
  return permissionsOf(askerOf(policy, request), request.scope, now, after);
}

/**
 * What whoever is in an asserted group, `system:authenticated` or `token:POLICY` may do by it, if it is a member.
 *
 * @param now milliseconds since 1970
 * @param active active roles, rows of the model; left out: none are chosen
 */
export function listPermissionsOfGroup(
  policy: Policy,
  group: string,
  scope: string,
  now: number,
  active?: Asker["active"],
): Iterable<HeldPermission> {
  return permissionsOf(askerInGroup(policy, group, active, true), scope, now, "");
}

function* permissionsOf(
  asker: Asker | undefined,
  scopeName: string,
  now: number,
  after: string,
): Generator<HeldPermission> {
  const scope = asker && resolveScope(asker.policy, scopeName);
  if (asker === undefined || scope === undefined || scope.grants.suspended) return;
  const { catalog } = asker.policy.model;
  const keys = new KeySet();
  asker.fill(keys, now);
  const outlook = outlookAt(asker, keys, scope, now);
  const hold = holdingOf(asker, keys, scope, outlook, now);
  for (const [permission, number] of orderedPermissions(catalog)) {
    if (permission <= after || catalog.levelOf(number) !== scope.level) continue;
    const holding = hold([number]);
    if (holding !== undefined) yield { permission, holding };
  }
}

type Ordered = readonly (readonly [name: string, permission: number])[];
const ordered = new WeakMap<LoadedCatalog, Ordered>();

/** The permissions of a catalog by name: that is not the order of types, which a character before the colon may follow. */
function orderedPermissions(catalog: LoadedCatalog): Ordered {
  let permissions = ordered.get(catalog);
  if (permissions === undefined) {
    permissions = [...catalog.permissions].sort(([a], [b]) => byCodeUnits(a, b));
    ordered.set(catalog, permissions);
  }
  return permissions;
}
