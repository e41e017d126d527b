import { voidedGrants } from "../diagnose/voided-grants.ts";
import type { LintRule } from "./lint-rule.ts";

/** A grant that constraints void as things are. */
export const voidedGrant: LintRule = {
  name: "VoidedGrant",
  severity: "warning",
  meaning:
    "A binding gives a subject a role that a separation of duty or an exclusive set does not let stand beside the subject's other bindings, so the grant counts for nothing.",
  remedy: "Take the subject out of this binding or of the other one.",
  *check(world, { now, policy: compiled }) {
    if (!hasVoiding(world.listLive("AccessConstraint"))) return;
    const policy = compiled();
    if (policy === undefined) return;
    for (const organization of [undefined, ...policy.organizations.keys()]) {
      for (const found of voidedGrants(world, policy, organization, now)) {
        const { binding, subject, unit, constraint, conflictsWith } = found;
        const other =
          conflictsWith === binding ? "by itself" : `in conflict with AccessRoleBinding "${conflictsWith}"`;
        yield {
          kind: "AccessRoleBinding",
          name: binding,
          field: "spec.subjects",
          message: `the grant of ${subject.kind} "${subject.name}" is void at ${unit} by AccessConstraint "${constraint}", ${other}`,
        };
      }
    }
  },
};

function hasVoiding(constraints: Iterable<{ readonly spec: { readonly minHolders?: unknown } }>): boolean {
  for (const { spec } of constraints) if (spec.minHolders === undefined) return true;
  return false;
}
