import type { AccessRole } from "../model/objects.generated.ts";
import type { World } from "../model/world.ts";
import { ruleConditionProblems } from "./condition-problems.ts";
import { missing, type Problem } from "./problem.ts";

export function* roleProblems(world: World, role: AccessRole): Iterable<Problem> {
  const { organization } = role.spec;
  if (organization !== undefined && !world.live("Organization", organization)) {
    yield missing("spec.organization", "Organization", organization);
  }
  yield* includeProblems(world, role);
  yield* ruleProblems(world, role);
  yield* ruleConditionProblems(role);
  for (const [index, grant] of (role.spec.grants ?? []).entries()) {
    for (const name of grant.roles) {
      if (!world.live("AccessRole", name)) yield missing(`spec.grants[${index}].roles`, "AccessRole", name);
    }
  }
}

function* includeProblems(world: World, role: AccessRole): Iterable<Problem> {
  for (const [index, name] of (role.spec.includes ?? []).entries()) {
    const path = `spec.includes[${index}]`;
    const included = world.live("AccessRole", name);
    const owner = included?.spec.organization;
    if (included === undefined) yield missing(path, "AccessRole", name);
    else if (owner !== undefined && owner !== role.spec.organization) {
      const message = `AccessRole "${name}" belongs to Organization "${owner}", so only its Deny rules come through; include it in roles of that organization only`;
      yield { reason: "ForbiddenInclude", path, message };
    }
  }
  const cycle = world.includeCycles.get(role.metadata.name);
  if (cycle === undefined) return;
  const more = cycle.size - cycle.names.length;
  const circle = `${cycle.names.join(", ")}${more > 0 ? ` and ${more} more` : ""}`;
  const message = `includes lead to the circle ${circle}, so the role allows nothing; break it`;
  yield { reason: "IncludeCycle", path: "spec.includes", message };
}

function* ruleProblems(world: World, role: AccessRole): Iterable<Problem> {
  const { types } = world.catalog;
  for (const [index, rule] of (role.spec.rules ?? []).entries()) {
    const path = `spec.rules[${index}]`;
    const named = rule.resources.includes("*")
      ? [...types.values()]
      : rule.resources.flatMap((name) => types.get(name) ?? []);
    for (const name of rule.resources) {
      if (name === "*" || types.has(name)) continue;
      const message = `no PermissionCatalog declares the type "${name}", or its declarations contradict each other`;
      yield { reason: "UnknownPermission", path: `${path}.resources`, message };
    }
    if (named.length === 0) continue;
    for (const verb of rule.verbs) {
      if (verb === "*" || named.some((type) => type.verbs.has(verb))) continue;
      const message = `none of the rule's types has the verb "${verb}"`;
      yield { reason: "UnknownPermission", path: `${path}.verbs`, message };
    }
  }
}
