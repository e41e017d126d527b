import { reachedRoles } from "../diagnose/role-closure.ts";
import { DOMAIN_NAME, domainSettings } from "../model/domain-settings.ts";
import type { AccessConstraint } from "../model/objects.generated.ts";
import type { World } from "../model/world.ts";
import type { LintRule } from "./lint-rule.ts";
import { listWords } from "./list-words.ts";

/** Default roles that a constraint does not let a member have together. */
export const conflictingDefaults: LintRule = {
  name: "ConflictingDefaults",
  severity: "warning",
  meaning:
    "The default roles of an organization and of its environments break a constraint together, so on joining some or all of them are void at once.",
  remedy: "Choose other default roles, or take one of them out of the constraint.",
  *check(world) {
    const domain = world.live("AccessDomain", DOMAIN_NAME);
    const { defaultRoles } = domainSettings(domain);
    const organization = defaultRoles.findIndex(({ environmentTypes = [] }) => environmentTypes.length === 0);
    const given = defaultRoles[organization]?.role;
    if (given === undefined) return;
    for (const [index, { role }] of defaultRoles.entries()) {
      if (index === organization || role === given) continue;
      for (const constraint of world.listLive("AccessConstraint")) {
        const broken = brokenRoles(world, constraint, [given, role]);
        if (broken === undefined) continue;
        yield {
          kind: "AccessDomain",
          name: DOMAIN_NAME,
          field: `spec.defaultRoles[${index}]`,
          message: `a new member has "${given}" in the organization and "${role}" here, and AccessConstraint "${constraint.metadata.name}" does not allow ${listWords(broken)} together`,
        };
      }
    }
  },
};

/** The roles of the set that grants of these roles bring together, if a static constraint forbids it. */
function brokenRoles(
  world: World,
  { spec }: AccessConstraint,
  names: readonly string[],
): readonly string[] | undefined {
  const { exclusive, separationOfDuty } = spec;
  if (exclusive !== undefined) {
    const named = names.filter((name) => exclusive.roles.includes(name));
    return named.length > 1 ? named : undefined;
  }
  if (separationOfDuty === undefined || separationOfDuty.mode === "Dynamic") return undefined;
  const carried = new Set(names.flatMap((name) => carriedBy(world, name)));
  const found = separationOfDuty.roles.filter((role) => carried.has(role));
  return found.length > (separationOfDuty.atMost ?? 1) ? found : undefined;
}

function carriedBy(world: World, name: string): string[] {
  const role = world.live("AccessRole", name);
  return role === undefined ? [] : reachedRoles(world, role).map(({ metadata }) => metadata.name);
}
