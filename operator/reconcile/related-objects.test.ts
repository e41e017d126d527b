import { expect, test } from "vitest";
import type { SidegateObject } from "../../engine/model/objects.generated.ts";
import { anObject, going, worldOf } from "../../test/support/objects.ts";
import { relatedObjects } from "./related-objects.ts";

const organization = anObject("Organization", "acme", {});
const workspace = anObject("Workspace", "labs", { organization: "acme" });
const environment = anObject("Environment", "labs-dev", { workspace: "labs", type: "development" });
const member = (name: string, user: string, owner = "acme") =>
  anObject("Membership", name, { organization: owner, subject: { kind: "User", name: user } });
const role = (name: string, spec: object = {}, metadata: object = {}) =>
  anObject("AccessRole", name, { assignableAt: ["Organization"], ...spec }, metadata);
const binding = anObject("AccessRoleBinding", "b", {
  role: "editor",
  subjects: [{ kind: "AccessGroup", name: "team" }],
  scope: { kind: "Environment", name: "labs-dev" },
});
const team = anObject("AccessGroup", "team", { members: [{ kind: "AccessGroup", name: "inner" }] });
const zoe = member("zoe", "zoe");

const all: SidegateObject[] = [
  organization,
  workspace,
  environment,
  zoe,
  member("zoe-twin", "zoe"),
  member("ann", "ann"),
  member("zoe-elsewhere", "zoe", "globex"),
  role("viewer"),
  role("editor", { includes: ["viewer"] }),
  binding,
  team,
];

function related(
  before: SidegateObject | undefined,
  after: SidegateObject | undefined,
  others = all,
): string[] {
  const object = (after ?? before) as SidegateObject;
  const world = worldOf(...others);
  if (after === undefined) world.remove(object.kind, object.metadata.name);
  const { kind, metadata } = object;
  const change = { domain: "shop", kind, name: metadata.name, before, after, isContent: true };
  const names = [...relatedObjects(world, change)].map((other) => `${other.kind} ${other.name}`);
  return [...new Set(names)].filter((name) => name !== `${kind} ${metadata.name}`).sort();
}

test.each<[string, SidegateObject, string[]]>([
  ["a role: what includes it and binds that", role("viewer"), ["AccessRole editor", "AccessRoleBinding b"]],
  [
    "a group: groups that hold it, and their bindings",
    anObject("AccessGroup", "inner", {}),
    ["AccessGroup team", "AccessRoleBinding b"],
  ],
  [
    "an environment: its bindings, and the members who get its defaults",
    environment,
    ["AccessRoleBinding b", "Membership ann", "Membership zoe", "Membership zoe-twin"],
  ],
  [
    "a workspace: what lies in it, and the members",
    workspace,
    [
      "AccessRoleBinding b",
      "Environment labs-dev",
      "Membership ann",
      "Membership zoe",
      "Membership zoe-twin",
    ],
  ],
  ["a membership: others of the same subject and organization", zoe, ["Membership zoe-twin"]],
  ["a binding: nothing", binding, []],
])("%s", (_name, object, expected) => {
  expect(related(undefined, object)).toEqual(expected);
  expect(related(object, object)).toEqual(expected);
});

test("what vanished is looked for all the same", () => {
  expect(related(zoe, undefined)).toEqual(["Membership zoe-twin"]);
  const environment = anObject("Environment", "acme-prod", { organization: "acme", type: "production" });
  expect(related(environment, undefined, [...all, environment])).toEqual([
    "Membership ann",
    "Membership zoe",
    "Membership zoe-twin",
  ]);
});

test("what an object refers to comes along only where that waits to be deleted", () => {
  const others = [...all.filter(({ metadata }) => metadata.name !== "editor"), role("editor", {}, going)];
  expect(related(binding, undefined, others)).toEqual(["AccessRole editor"]);
});

test("a default role concerns all members", () => {
  const domain = anObject("AccessDomain", "default", { defaultRoles: [{ role: "editor" }] });
  const expected = ["AccessDomain default", "Membership ann", "Membership zoe", "Membership zoe-elsewhere"];
  expect(related(undefined, role("viewer"), [...all, domain])).toEqual(expect.arrayContaining(expected));
});

test("a token policy concerns the others", () => {
  const policies = ["p", "q"].map((name) => anObject("TokenPolicy", name, {}));
  expect(related(undefined, anObject("TokenPolicy", "p", {}), [...all, ...policies])).toContain(
    "TokenPolicy q",
  );
  expect(related(undefined, anObject("TokenPolicy", "p", {}))).toHaveLength(0);
});

test.each(["AccessDomain", "PermissionCatalog", "AccessConstraint"] as const)(
  "%s concerns the whole domain",
  (kind) => {
    expect(related(undefined, anObject(kind, "default", {}))).toHaveLength(all.length);
  },
);
