import { DOMAIN_NAME, domainSettings } from "../model/domain-settings.ts";
import type { AccessDomain } from "../model/objects.generated.ts";
import type { LevelName } from "../model/scope.ts";
import type { World } from "../model/world.ts";
import { missing, type Problem } from "./problem.ts";
import { reachedRoles } from "./role-closure.ts";

export function* domainProblems(world: World, domain: AccessDomain): Iterable<Problem> {
  if (domain.metadata.name !== DOMAIN_NAME) {
    const message = `only the AccessDomain named "${DOMAIN_NAME}" counts; rename this one`;
    yield { reason: "NotDefault", path: "metadata.name", message };
  }
  const types = new Set<string>();
  for (const [index, { role, environmentTypes = [] }] of domainSettings(domain).defaultRoles.entries()) {
    const path = `spec.defaultRoles[${index}]`;
    const level = environmentTypes.length > 0 ? "Environment" : "Organization";
    yield* defaultRoleProblems(world, role, level, path);
    const keys = environmentTypes.length > 0 ? environmentTypes : [""];
    for (const type of keys) {
      if (types.has(type)) {
        const what = type === "" ? "organizations" : `environments of the type "${type}"`;
        yield {
          reason: "AmbiguousDefault",
          path,
          message: `an earlier entry is for ${what} already and counts`,
        };
      }
      types.add(type);
    }
  }
}

function* defaultRoleProblems(world: World, name: string, level: LevelName, path: string): Iterable<Problem> {
  const role = world.live("AccessRole", name);
  if (role === undefined) {
    yield missing(`${path}.role`, "AccessRole", name);
    return;
  }
  if (!role.spec.assignableAt.includes(level)) {
    yield { reason: "NotAssignable", path, message: `AccessRole "${name}" may not be assigned at ${level}` };
  }
  if (reachedRoles(world, role).some(({ spec }) => spec.rules?.some((rule) => rule.effect === "Deny"))) {
    const message = `AccessRole "${name}" has Deny rules, which do not count through a default; give it another way`;
    yield { reason: "DefaultRoleDenies", path, message };
  }
}
