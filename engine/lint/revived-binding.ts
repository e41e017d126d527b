import { parseTime } from "../compile/windows.ts";
import { DOMAIN_NAME, domainSettings } from "../model/domain-settings.ts";
import type { AccessRoleBinding, Membership } from "../model/objects.generated.ts";
import { memberKey } from "../model/references.ts";
import { organizationOfScope } from "../model/scope-tree.ts";
import type { World } from "../model/world.ts";
import type { LintFinding, LintRule } from "./lint-rule.ts";

/** A binding that outlasts the membership which it needs. */
export const revivedBinding: LintRule = {
  name: "RevivedBinding",
  severity: "warning",
  meaning:
    "A declared binding outlasts the membership of its subject: the subject has none in the organization, or one that ends earlier. It gives nothing then, and counts again at once when the subject joins again, beside the defaults.",
  remedy:
    "Take the subject out of the binding together with the Membership, or end the binding with it (expiresAt).",
  *check(world) {
    const { membership } = domainSettings(world.live("AccessDomain", DOMAIN_NAME));
    if (membership === "Optional") return;
    for (const binding of world.listLive("AccessRoleBinding")) {
      const organization = organizationOfScope(world, binding.spec.scope);
      if (organization === undefined || world.live("Organization", organization) === undefined) continue;
      yield* findingsOf(world, binding, organization);
    }
  },
};

function* findingsOf(
  world: World,
  { metadata, spec }: AccessRoleBinding,
  organization: string,
): Iterable<LintFinding> {
  for (const [index, { kind, name }] of spec.subjects.entries()) {
    if (kind !== "User" && kind !== "ServiceAccount") continue;
    const membership = firstMembership(world, organization, kind, name);
    const outlasts = membership === undefined || ends(membership.spec.expiresAt) < ends(spec.expiresAt);
    if (!outlasts) continue;
    const what =
      membership === undefined
        ? `has no Membership in "${organization}", so the binding gives nothing until they join`
        : `is a member of "${organization}" until ${membership.spec.expiresAt} (Membership "${membership.metadata.name}"), and the binding goes on`;
    yield {
      kind: "AccessRoleBinding",
      name: metadata.name,
      field: `spec.subjects[${index}]`,
      message: `${kind} "${name}" ${what}`,
    };
  }
}

function firstMembership(
  world: World,
  organization: string,
  kind: "User" | "ServiceAccount",
  name: string,
): Membership | undefined {
  let first: Membership | undefined;
  for (const one of world.referring("Membership", memberKey({ organization, subject: { kind, name } }))) {
    if (first === undefined || one.metadata.name < first.metadata.name) first = one;
  }
  return first;
}

/** Milliseconds since 1970; never is infinite, and what is no time has never held. */
function ends(expiresAt: string | undefined): number {
  return expiresAt === undefined ? Infinity : (parseTime(expiresAt) ?? -Infinity);
}
