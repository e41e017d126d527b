import type { Catalog } from "../catalog/merge-catalogs.ts";
import { DOMAIN_NAME, domainSettings } from "../model/domain-settings.ts";
import type { AccessRole, AccessRoleGrant } from "../model/objects.generated.ts";
import { byName } from "../model/order.ts";
import { provenanceOf } from "../model/provenance.ts";
import { levelBits } from "../model/scope.ts";
import type { World } from "../model/world.ts";
import { compileConstraints } from "./compile-constraints.ts";
import { compileTokenPolicies } from "./compile-token-policies.ts";

/** The body of the shard with the domain's settings, catalog, roles, constraints and token policies. */
export function compileModel(world: World) {
  const settings = domainSettings(world.live("AccessDomain", DOMAIN_NAME));
  return {
    membershipOptional: settings.membership === "Optional",
    stalenessMaxSeconds: settings.staleness.maxSeconds,
    staleIsError: settings.staleness.then === "Error",
    types: compileTypes(world.catalog),
    ...compileRoles(world),
    tokenPolicies: compileTokenPolicies(world),
  };
}

function compileTypes(catalog: Catalog) {
  return [...catalog.types.values()].map(({ name, level, verbs }) => {
    const rows = new Map([...verbs.keys()].map((verb, row) => [verb, row]));
    const compiled = [...verbs].map(([verb, implies]) => ({
      name: verb,
      implies: implies.map((implied) => rows.get(implied) as number),
    }));
    return { name, level, verbs: compiled };
  });
}

function compileRoles(world: World) {
  const roles = [...world.listLive("AccessRole")].sort(byName);
  const rows = new Map(roles.map((role, row) => [role.metadata.name, row]));
  return {
    roles: roles.map((role) => compileRole(role, rows)),
    constraints: compileConstraints(world, rows),
    defaults: compileDefaults(world, rows),
  };
}

/** Of several entries for the same place the first counts. */
function compileDefaults(world: World, rows: ReadonlyMap<string, number>) {
  const { defaultRoles } = domainSettings(world.live("AccessDomain", DOMAIN_NAME));
  const places = new Map<string, string>();
  for (const { role, environmentTypes = [] } of defaultRoles)
    for (const type of environmentTypes.length === 0 ? [""] : environmentTypes)
      if (!places.has(type)) places.set(type, role);
  return [...places].flatMap(([type, name]) => {
    const role = rows.get(name);
    return role === undefined ? [] : [{ role, type }];
  });
}

function compileRole({ metadata, spec }: AccessRole, rows: ReadonlyMap<string, number>) {
  return {
    name: metadata.name,
    organization: spec.organization ?? "",
    assignable: levelBits(spec.assignableAt),
    rules: (spec.rules ?? []).map((rule) => ({
      deny: rule.effect === "Deny",
      resources: rule.resources,
      verbs: rule.verbs,
      names: rule.names ?? [],
      // A condition that is empty is one all the same, and an error: nothing may be widened by it.
      when: rule.when === "" ? " " : (rule.when ?? ""),
    })),
    includes: rowsOf(spec.includes, rows),
    delegations: (spec.grants ?? []).map((grant) => compileDelegation(grant, rows)),
    generation: metadata.generation ?? 0,
    provenance: provenanceOf(metadata),
  };
}

function compileDelegation({ roles, levels, verbs }: AccessRoleGrant, rows: ReadonlyMap<string, number>) {
  const isBoth = verbs === undefined || verbs.length === 0;
  return {
    roles: rowsOf(roles, rows),
    levels: levelBits(levels),
    give: isBoth || verbs.includes("Give"),
    take: isBoth || verbs.includes("Take"),
  };
}

/** Rows of the roles that exist, each once, ascending. */
function rowsOf(names: readonly string[] | undefined, rows: ReadonlyMap<string, number>): number[] {
  return [...new Set(names)].flatMap((name) => rows.get(name) ?? []).sort((a, b) => a - b);
}
