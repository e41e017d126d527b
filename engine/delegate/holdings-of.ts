import { bringsDenies, type ExaminedGrant, examineGrants, isEffective } from "../decide/examine-grants.ts";
import { gatherKeys } from "../decide/gather-keys.ts";
import { boundScopes } from "../decide/held-grants.ts";
import { KeySet } from "../decide/key-set.ts";
import { resolveScope } from "../decide/resolve-scope.ts";
import type { LoadedGrants } from "../policy/loaded-grants.ts";
import type { Policy } from "../policy/policy.ts";
import { NOTHING, type RoleGraph } from "./role-closure.ts";
import type { Holdings } from "./role-coverage.ts";
import { actorAt, type Writer } from "./writer.ts";

/**
 * What a writer holds at a place without condition, and everywhere below: the rules and grants entries of its effective
 * grants whose bindings have no condition and that nothing below voids, and the Deny rules of all grants that it has there or
 * below, whatever their conditions.
 *
 * @param graph the roles of the objects that the policy was made from
 * @param place as requests write it: "platform" or "organization/NAME"
 * @param now milliseconds since 1970
 */
export function holdingsOf(
  policy: Policy,
  graph: RoleGraph,
  writer: Writer,
  place: string,
  now: number,
): Holdings {
  const scope = resolveScope(policy, place);
  if (scope === undefined) return NOTHING;
  const keys = new KeySet();
  gatherKeys(keys, policy, actorAt(writer, place), now);
  const here = examineGrants(policy, keys, scope, now);
  const below = shardsBelow(policy, scope.grants).flatMap((grants) =>
    [...boundScopes(keys, grants)].map((row) => examineGrants(policy, keys, { grants, row }, now)),
  );
  const holds = (grant: ExaminedGrant) => isHeld(grant) && below.every((there) => isHeld(find(there, grant)));
  const closuresOf = (grants: readonly ExaminedGrant[]) =>
    [...new Set(grants.map(({ role }) => role))].map((role) =>
      graph.closureOf(policy.model.roles.names[role]!),
    );
  const held = closuresOf(here.filter(holds));
  const denying = closuresOf([here, ...below].flat().filter(bringsDenies));
  return {
    allow: held.flatMap(({ allow }) => allow),
    grants: held.flatMap(({ grants }) => grants),
    deny: denying.flatMap(({ deny }) => deny),
  };
}

function isHeld(grant: ExaminedGrant | undefined): boolean {
  return grant !== undefined && isEffective(grant) && !grant.grants.isConditional(grant.grant);
}

/** The same grant as it is somewhere below. */
function find(there: readonly ExaminedGrant[], wanted: ExaminedGrant): ExaminedGrant | undefined {
  return there.find(
    ({ grants, grant, key }) => grants === wanted.grants && grant === wanted.grant && key === wanted.key,
  );
}

/** The shards with scopes at or below a place: all, below Platform. */
function shardsBelow(policy: Policy, grants: LoadedGrants): LoadedGrants[] {
  return grants === policy.platform ? [...policy.organizations.values()] : [grants];
}
