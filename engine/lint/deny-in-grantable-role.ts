import { reachedRoles } from "../diagnose/role-closure.ts";
import type { AccessRole } from "../model/objects.generated.ts";
import type { World } from "../model/world.ts";
import type { LintRule } from "./lint-rule.ts";
import { listWords } from "./list-words.ts";

/** Deny rules in a role that others than the platform's own may give. */
export const denyInGrantableRole: LintRule = {
  name: "DenyInGrantableRole",
  severity: "warning",
  meaning:
    "A role that a grants entry lets others give below Platform has Deny rules, own or included: who gives it takes permissions away from anybody there, those above them included, and no other role can make up for it.",
  remedy:
    "Leave out the Allow instead of adding a Deny, or take the role out of the grants entries and let the platform give it.",
  *check(world) {
    for (const [name, givers] of givable(world)) {
      const role = world.live("AccessRole", name);
      if (role === undefined) continue;
      const denying = reachedRoles(world, role).find(denies);
      if (denying === undefined) continue;
      const own = denying === role;
      yield {
        kind: "AccessRole",
        name,
        field: own ? `spec.rules[${(role.spec.rules ?? []).findIndex(isDeny)}]` : "spec.includes",
        message: `${own ? "the Deny rule" : `the Deny rule of the included role "${denying.metadata.name}"`} can be turned against anybody by who holds ${listWords([...givers].sort())}, which may give this role`,
      };
    }
  },
};

/** The roles that may be given below Platform, and the roles that say so. */
function givable(world: World): Map<string, Set<string>> {
  const found = new Map<string, Set<string>>();
  for (const { metadata, spec } of world.listLive("AccessRole")) {
    for (const { roles, levels, verbs } of spec.grants ?? []) {
      if (verbs?.includes("Give") === false || levels.every((level) => level === "Platform")) continue;
      for (const role of roles) found.set(role, (found.get(role) ?? new Set()).add(metadata.name));
    }
  }
  return found;
}

function denies(role: AccessRole): boolean {
  return role.spec.rules?.some(isDeny) ?? false;
}

function isDeny({ effect }: { readonly effect?: string | undefined }): boolean {
  return effect === "Deny";
}
