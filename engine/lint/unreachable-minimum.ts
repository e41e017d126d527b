import type { LintRule } from "./lint-rule.ts";

/** A minimum of holders that no binding can count for. */
export const unreachableMinimum: LintRule = {
  name: "UnreachableMinimum",
  severity: "warning",
  meaning:
    "A minHolders constraint asks for holders of a role at a level at which the role may not be assigned, so no scope ever reaches the number.",
  remedy: "Name a level at which the role may be assigned, or add the level to the role's assignableAt.",
  *check(world) {
    for (const { metadata, spec } of world.listLive("AccessConstraint")) {
      if (spec.minHolders === undefined) continue;
      const { role: name, level } = spec.minHolders;
      const role = world.live("AccessRole", name);
      if (role === undefined || role.spec.assignableAt.includes(level)) continue;
      const message = `AccessRole "${name}" may be assigned at ${role.spec.assignableAt.join(", ")}, not at ${level}`;
      yield { kind: "AccessConstraint", name: metadata.name, field: "spec.minHolders.level", message };
    }
  },
};
