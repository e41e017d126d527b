import type { Catalog } from "../catalog/merge-catalogs.ts";
import { DOMAIN_NAME, domainSettings } from "../model/domain-settings.ts";
import type { AccessRole } from "../model/objects.generated.ts";
import { byName } from "../model/order.ts";
import { Level, type LevelName } from "../model/scope.ts";
import type { World } from "../model/world.ts";

/** The body of the shard with the domain's settings, catalog and roles. */
export function compileModel(world: World) {
  const settings = domainSettings(world.live("AccessDomain", DOMAIN_NAME));
  return {
    membershipOptional: settings.membership === "Optional",
    stalenessMaxSeconds: settings.staleness.maxSeconds,
    staleIsError: settings.staleness.then === "Error",
    types: compileTypes(world.catalog),
    roles: compileRoles([...world.listLive("AccessRole")].sort(byName)),
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

function compileRoles(roles: readonly AccessRole[]) {
  const rows = new Map(roles.map((role, row) => [role.metadata.name, row]));
  return roles.map(({ metadata, spec }) => ({
    name: metadata.name,
    organization: spec.organization ?? "",
    assignable: spec.assignableAt.reduce((bits, level) => bits | (1 << Level[level as LevelName]), 0),
    rules: (spec.rules ?? []).map((rule) => ({
      deny: rule.effect === "Deny",
      resources: rule.resources,
      verbs: rule.verbs,
      names: rule.names ?? [],
      when: rule.when ?? "",
    })),
    includes: [...new Set(spec.includes ?? [])].flatMap((name) => rows.get(name) ?? []).sort((a, b) => a - b),
  }));
}
