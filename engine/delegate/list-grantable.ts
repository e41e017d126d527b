import { findActiveRoles } from "../decide/active-roles.ts";
import { gatherKeys } from "../decide/gather-keys.ts";
import { heldGrants } from "../decide/held-grants.ts";
import { KeySet } from "../decide/key-set.ts";
import { isOnChain } from "../decide/place.ts";
import type { DecisionRequest } from "../decide/request.ts";
import { type ResolvedScope, resolveScope } from "../decide/resolve-scope.ts";
import { byCodeUnits } from "../model/order.ts";
import type { LoadedGrants } from "../policy/loaded-grants.ts";
import { visitOrganization } from "../policy/organizations.ts";
import type { Policy } from "../policy/policy.ts";
import { scopeText } from "../policy/scope-text.ts";
import { isNarrowed } from "../token/is-narrowed.ts";
import { isTokenOf } from "../token/is-token-of.ts";
import { ActorRights } from "./actor-rights.ts";
import { refuseAssignment } from "./can-grant.ts";

/** A role that an actor may give, take or both at a scope, if nothing about the target is in the way. */
export interface Grantable {
  /** "platform", "environment/acme-prod". */
  readonly scope: string;
  readonly role: string;
  readonly give: boolean;
  readonly take: boolean;
  /** What to go on after. */
  readonly key: string;
}

/**
 * What an actor may give and take at its scope and the scopes below (semantics, sections 8 and 11): Platform first, then by
 * organization, level and name; at each scope by role. An entry says what CanGrant says before it looks at a target. Where
 * CanGrant would refuse whatever is asked (an unknown scope, a token that is not valid or narrows) there is none. Yields
 * undefined now and then on the way, so that the caller may let others in.
 *
 * @param actor well-formed but for its permission, which is not asked
 * @param now milliseconds since 1970
 * @param after the key after which to go on; empty: from the start
 */
export function* listGrantable(
  policy: Policy,
  actor: DecisionRequest,
  now: number,
  after = "",
): Generator<Grantable | undefined> {
  const active = findActiveRoles(policy, actor.activeRoles);
  const root = resolveScope(policy, actor.scope);
  if (root === undefined || typeof active === "string" || !mayHoldRights(actor)) return;
  const keys = new KeySet();
  gatherKeys(keys, policy, actor, now);
  for (const name of shardsBelow(policy, root)) {
    yield undefined;
    const grants = name === undefined ? root.grants : yield* visitOrganization(policy, name);
    if (!mayBringRights(policy, keys, grants)) continue;
    for (let row = 0; row < grants.scopes.size; row++) {
      if (row % BREATH === BREATH - 1) yield undefined;
      const isInside = root.grants !== grants || isOnChain({ grants }, root.row, row);
      if (!isInside || isBefore(scopeKeyOf(grants, row), after)) continue;
      const scope = { grants, row, level: grants.levelOf(row) };
      const rights = ActorRights.at(policy, keys, actor, scope, active, now);
      for (const entry of entriesAt(policy, scope, rights)) if (isAfter(entry.key, after)) yield entry;
    }
  }
}

/** Scopes that are looked at without a pause. */
const BREATH = 64;

/** Whether a token leaves the actor any right to grant. */
function mayHoldRights(actor: DecisionRequest): boolean {
  const { token } = actor;
  return token === undefined || (token.valid && isTokenOf(token, actor) && !isNarrowed(token));
}

/** The organizations with scopes at or below a scope, in the order of the list; undefined: the shard of the scope itself. */
function* shardsBelow(policy: Policy, root: ResolvedScope): Iterable<string | undefined> {
  yield undefined;
  // INVARIANT: the shards of a policy are ordered by id, so its organizations are by name.
  if (root.grants === policy.platform) yield* policy.organizations.keys();
}

/** Whether any grant of the actor that may apply in a shard has grants entries, whatever takes it away. */
function mayBringRights(policy: Policy, keys: KeySet, shard: LoadedGrants): boolean {
  const { roles } = policy.model;
  for (const grants of new Set([policy.platform, shard])) {
    for (const { grant } of heldGrants(keys, grants)) {
      const role = grants.roleOf(grant, policy.model);
      if (role < 0) continue;
      for (const from of roles.allowsFrom(role))
        if (roles.compiled[from]!.delegations.length > 0) return true;
    }
  }
  return false;
}

function entriesAt(policy: Policy, scope: ResolvedScope, rights: ActorRights): Grantable[] {
  const { grants, row, level } = scope;
  const text = scopeText(grants, row);
  const entries = rights.rolesAt(level).flatMap((role) => {
    if (refuseAssignment(policy, role, scope) !== undefined) return [];
    const name = policy.model.roles.names[role]!;
    const [give, take] = [rights.allows("Give", role, level), rights.allows("Take", role, level)];
    return [{ scope: text, role: name, give, take, key: `${scopeKeyOf(grants, row)}/${name}` }];
  });
  return entries.sort((a, b) => byCodeUnits(a.role, b.role));
}

/** "<organization>/<level digit><name>": neither part has a slash. */
function scopeKeyOf(grants: LoadedGrants, row: number): string {
  return `${grants.organization}/${grants.scopes.text(row)}`;
}

/** Compares keys part by part: as whole texts "a-b/" would stand before "a/". */
function compareKeys(a: string, b: string): number {
  const [left, right] = [a.split("/"), b.split("/")];
  for (let part = 0; part < Math.min(left.length, right.length); part++) {
    const order = byCodeUnits(left[part]!, right[part]!);
    if (order !== 0) return order;
  }
  return 0;
}

/** Whether everything at a scope stands before the key. */
function isBefore(scopeKey: string, after: string): boolean {
  return after !== "" && compareKeys(scopeKey, after) < 0;
}

function isAfter(key: string, after: string): boolean {
  return after === "" || compareKeys(key, after) > 0;
}
