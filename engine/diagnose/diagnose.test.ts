import { describe, expect, it } from "vitest";
import { binding, build, role } from "../../test/worlds/build.ts";
import type { SidegateObject } from "../model/objects.generated.ts";
import { World } from "../model/world.ts";
import { diagnose, findProblems } from "./diagnose.ts";

const acme = build("Organization", "acme", {});
const prod = build("Environment", "prod", { organization: "acme" });
const viewer = role("viewer", { assignableAt: ["Environment"] });
const catalog = build("PermissionCatalog", "c", {
  resources: [{ name: "logs", level: "Environment", verbs: [{ name: "view" }] }],
});

function problemsOf(object: SidegateObject, others: readonly SidegateObject[]): [string, string][] {
  const world = new World("shop");
  for (const other of [...others, object]) world.put(other);
  return findProblems(world, object).map(({ reason, path }) => [reason, path]);
}

describe("findProblems", () => {
  it.each<[string, SidegateObject, SidegateObject[], [string, string][]]>([
    [
      "nothing in a binding that works",
      binding("b", "viewer", "User:ann", "environment/prod"),
      [acme, prod, viewer],
      [],
    ],
    [
      "a role that is missing",
      binding("b", "gone", "User:ann", "environment/prod"),
      [acme, prod],
      [["ReferenceNotFound", "spec.role"]],
    ],
    [
      "a scope that is missing",
      binding("b", "viewer", "User:ann", "environment/gone"),
      [viewer],
      [["ReferenceNotFound", "spec.scope"]],
    ],
    [
      "a scope whose parent is missing",
      binding("b", "viewer", "User:ann", "environment/prod"),
      [prod, viewer],
      [["ReferenceNotFound", "spec.scope"]],
    ],
    [
      "a level that the role is not for",
      binding("b", "viewer", "User:ann", "organization/acme"),
      [acme, viewer],
      [["NotAssignable", "spec.role"]],
    ],
    [
      "a tenant's role elsewhere",
      binding("b", "own", "User:ann", "organization/acme"),
      [acme, build("Organization", "other", {}), role("own", { organization: "other" })],
      [["OtherOrganization", "spec.role"]],
    ],
    [
      "a group that is missing",
      binding("b", "viewer", ["User:ann", "AccessGroup:gone"], "environment/prod"),
      [acme, prod, viewer],
      [["ReferenceNotFound", "spec.subjects[1]"]],
    ],
    [
      "a group elsewhere",
      binding("b", "viewer", "AccessGroup:ops", "environment/prod"),
      [acme, prod, viewer, build("AccessGroup", "ops", { members: [], organization: "other" })],
      [["OtherOrganization", "spec.subjects[0]"]],
    ],
    [
      "an unknown type",
      role("r", { rules: [{ resources: ["logs", "lgos"], verbs: ["view"] }] }),
      [catalog],
      [["UnknownPermission", "spec.rules[0].resources"]],
    ],
    [
      "an unknown verb",
      role("r", { rules: [{ resources: ["logs"], verbs: ["view", "veiw", "*"] }] }),
      [catalog],
      [["UnknownPermission", "spec.rules[0].verbs"]],
    ],
    [
      "a circle of includes",
      role("r", { includes: ["s"] }),
      [role("s", { includes: ["r"] })],
      [["IncludeCycle", "spec.includes"]],
    ],
    [
      "a circle further on",
      role("r", { includes: ["s"] }),
      [role("s", { includes: ["s"] })],
      [["IncludeCycle", "spec.includes"]],
    ],
    [
      "an include that is forbidden",
      role("r", { includes: ["own"] }),
      [acme, role("own", { organization: "acme" })],
      [["ForbiddenInclude", "spec.includes[0]"]],
    ],
    [
      "an include that is missing",
      role("r", { includes: ["gone"] }),
      [],
      [["ReferenceNotFound", "spec.includes[0]"]],
    ],
    [
      "a granted role that is missing",
      role("r", { grants: [{ roles: ["gone"], levels: ["Platform"] }] }),
      [],
      [["ReferenceNotFound", "spec.grants[0].roles"]],
    ],
    [
      "a second Membership",
      build("Membership", "b", { organization: "acme", subject: { kind: "User", name: "ann" } }),
      [acme, build("Membership", "a", { organization: "acme", subject: { kind: "User", name: "ann" } })],
      [["DuplicateMembership", "spec.subject"]],
    ],
    [
      "a member group that is missing",
      build("AccessGroup", "g", { members: [{ kind: "AccessGroup", name: "gone" }] }),
      [],
      [["ReferenceNotFound", "spec.members[0]"]],
    ],
    [
      "a workspace without organization",
      build("Workspace", "w", { organization: "gone" }),
      [],
      [["ReferenceNotFound", "spec.organization"]],
    ],
    [
      "an AccessDomain that does not count",
      build("AccessDomain", "other", {}),
      [],
      [["NotDefault", "metadata.name"]],
    ],
    [
      "a default role with Deny rules through an include",
      build("AccessDomain", "default", { defaultRoles: [{ role: "r" }] }),
      [
        role("r", { includes: ["s"] }),
        role("s", { rules: [{ effect: "Deny", resources: ["*"], verbs: ["*"] }] }),
      ],
      [["DefaultRoleDenies", "spec.defaultRoles[0]"]],
    ],
    [
      "two defaults for the same",
      build("AccessDomain", "default", { defaultRoles: [{ role: "r" }, { role: "r" }] }),
      [role("r", {})],
      [["AmbiguousDefault", "spec.defaultRoles[1]"]],
    ],
    [
      "a constraint on a role that is missing",
      build("AccessConstraint", "c", { exclusive: { roles: ["viewer", "gone"] } }),
      [viewer],
      [["ReferenceNotFound", "spec.exclusive.roles[1]"]],
    ],
    [
      "a constraint on holders of a role that is missing",
      build("AccessConstraint", "c", { minHolders: { role: "gone", level: "Organization", count: 1 } }),
      [],
      [["ReferenceNotFound", "spec.minHolders.role"]],
    ],
    [
      "nothing in a constraint on holders of a role",
      build("AccessConstraint", "c", { minHolders: { role: "viewer", level: "Organization", count: 1 } }),
      [viewer],
      [],
    ],
    [
      "a separation of duty with a role that is missing",
      build("AccessConstraint", "c", { separationOfDuty: { roles: ["gone", "viewer"] } }),
      [viewer],
      [["ReferenceNotFound", "spec.separationOfDuty.roles[0]"]],
    ],
    [
      "a default role that is missing",
      build("AccessDomain", "default", { defaultRoles: [{ role: "gone" }] }),
      [],
      [["ReferenceNotFound", "spec.defaultRoles[0].role"]],
    ],
    [
      "a default role for another level",
      build("AccessDomain", "default", {
        defaultRoles: [{ role: "viewer" }, { role: "viewer", environmentTypes: ["staging"] }],
      }),
      [viewer],
      [["NotAssignable", "spec.defaultRoles[0]"]],
    ],
    [
      "two defaults for the same type of environments",
      build("AccessDomain", "default", {
        defaultRoles: [
          { role: "viewer", environmentTypes: ["staging"] },
          { role: "viewer", environmentTypes: ["production", "staging"] },
        ],
      }),
      [viewer],
      [["AmbiguousDefault", "spec.defaultRoles[1]"]],
    ],
    [
      "a group whose organization is missing",
      build("AccessGroup", "g", { organization: "gone", members: [] }),
      [],
      [["ReferenceNotFound", "spec.organization"]],
    ],
    [
      "a role whose organization is missing",
      role("own", { organization: "gone" }),
      [],
      [["ReferenceNotFound", "spec.organization"]],
    ],
    [
      "an environment whose organization is missing",
      build("Environment", "e", { organization: "gone" }),
      [],
      [["ReferenceNotFound", "spec.organization"]],
    ],
    [
      "an environment whose workspace is missing",
      build("Environment", "e", { workspace: "gone" }),
      [],
      [["ReferenceNotFound", "spec.workspace"]],
    ],
    [
      "an environment whose workspace is in no organization",
      build("Environment", "e", { workspace: "w" }),
      [build("Workspace", "w", { organization: "gone" })],
      [["ReferenceNotFound", "spec.workspace"]],
    ],
    [
      "nothing in an environment of a workspace",
      build("Environment", "e", { workspace: "w" }),
      [acme, build("Workspace", "w", { organization: "acme" })],
      [],
    ],
    [
      "a Membership in an organization that is missing",
      build("Membership", "m", { organization: "gone", subject: { kind: "User", name: "ann" } }),
      [],
      [["ReferenceNotFound", "spec.organization"]],
    ],
    [
      "verbs of no type that is known only once",
      role("r", { rules: [{ resources: ["lgos"], verbs: ["veiw"] }] }),
      [catalog],
      [["UnknownPermission", "spec.rules[0].resources"]],
    ],
    [
      "a verb that no type has, for all types",
      role("r", { rules: [{ resources: ["*"], verbs: ["veiw", "view"] }] }),
      [catalog],
      [["UnknownPermission", "spec.rules[0].verbs"]],
    ],
    [
      "an implied verb that the type does not have",
      build("PermissionCatalog", "c", {
        resources: [
          { name: "a", level: "Platform", verbs: [{ name: "view" }, { name: "edit", implies: ["view"] }] },
          { name: "b", level: "Platform", verbs: [{ name: "edit", implies: ["edit-all", "view"] }] },
        ],
      }),
      [],
      [["UnknownPermission", "spec.resources[1]"]],
    ],
    [
      "a type that another catalog declares otherwise",
      catalog,
      [build("PermissionCatalog", "d", { resources: [{ name: "logs", level: "Platform", verbs: [] }] })],
      [["Contradiction", "spec.resources[0]"]],
    ],
  ])("finds %s", (_, object, others, wanted) => {
    expect(problemsOf(object, others)).toEqual(wanted);
  });
});

describe("diagnose", () => {
  it("says what is missing in one bounded message", () => {
    const world = new World("shop");
    const broken = binding(
      "b",
      "gone",
      Array.from({ length: 200 }, (_, i) => `AccessGroup:g${i}`),
      "platform",
    );
    world.put(broken);
    const verdict = diagnose(world, broken);
    expect(verdict).toMatchObject({ accepted: false, reason: "ReferenceNotFound" });
    expect(verdict.message).toMatch(/^spec\.role: AccessRole "gone" does not exist; spec\.subjects\[0\]/);
    expect(verdict.message.length).toBeLessThanOrEqual(1024);
  });

  it("accepts what works", () => {
    const world = new World("shop");
    world.put(acme);
    expect(diagnose(world, acme)).toMatchObject({ accepted: true, reason: "Accepted" });
  });
});
