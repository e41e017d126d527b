import { describe, expect, test } from "vitest";
import { compile, load } from "../../test/properties/engine.ts";
import { binding, build, role } from "../../test/worlds/build.ts";
import type {
  AccessGroup,
  AccessRoleBinding,
  Membership,
  SidegateObject,
} from "../model/objects.generated.ts";
import { World } from "../model/world.ts";
import { judgeWrite } from "./judge-write.ts";
import type { RbacVerb, Refusal } from "./judgement.ts";
import { kubernetesWriter } from "./writer.ts";

const NOW = Date.parse("2026-01-01T00:00:00Z");
const later = "2026-06-01T00:00:00Z";
const over = "2025-01-01T00:00:00Z";
const acme = "organization/acme";

const member = (user: string, spec: Partial<Membership["spec"]> = {}) =>
  build("Membership", `acme-${user}`, {
    organization: "acme",
    subject: { kind: "User", name: user },
    ...spec,
  });
const group = (name: string, ...members: string[]) =>
  build("AccessGroup", name, {
    members: members.map((text) => {
      const [kind, of = ""] = text.split(":") as [AccessGroup["kind"], string];
      return { kind, name: of } as never;
    }),
  });

/** A writer, "boss", who may move the role "staff" and admit; nobody else may do anything. */
const stage: readonly SidegateObject[] = [
  build("PermissionCatalog", "c", {
    resources: [{ name: "doc", level: "Organization", verbs: [{ name: "view" }, { name: "edit" }] }],
  }),
  build("Organization", "acme", {}),
  build("Environment", "prod", { organization: "acme" }),
  member("ann"),
  member("bob"),
  member("k8s:boss"),
  role("staff", {}),
  role("rival", {}),
  role("other", {}),
  role("boss", {
    rules: [
      { resources: ["membership"], verbs: ["create"] },
      { resources: ["doc"], verbs: ["view"] },
    ],
    grants: [{ roles: ["staff", "rival"], levels: ["Organization"] }],
  }),
  binding("boss", "boss", ["User:k8s:boss", "User:ann"], acme),
  build("AccessConstraint", "one", { exclusive: { roles: ["staff", "rival"] } }),
];

interface Write {
  readonly before?: SidegateObject;
  readonly after?: SidegateObject;
  readonly by?: string;
  readonly verbs?: readonly string[];
  readonly others?: readonly SidegateObject[];
}

function judge({ before, after, by = "boss", verbs = [], others = [] }: Write): Refusal[] {
  const objects = [...stage, ...others, ...(before ? [before] : [])];
  const world = new World("shop");
  for (const object of objects) world.put(object);
  const hasVerb = ({ verb, kind, name }: RbacVerb) => verbs.includes(`${verb} ${kind}/${name}`);
  const grounds = {
    world,
    policy: load(compile(objects)),
    writer: kubernetesWriter(by, []),
    hasVerb,
    now: NOW,
  };
  return judgeWrite(grounds, { before, after });
}

const paths = (write: Write) => judge(write).map(({ path }) => path);
const bind = (subjects: string | string[], spec: Partial<AccessRoleBinding["spec"]> = {}, name = "staff") =>
  binding("b", name, subjects, acme, spec);

describe("A binding", () => {
  test.each<[string, Write]>([
    ["is created with a role that the writer may give", { after: bind("User:bob") }],
    ["is deleted with a role that the writer may take", { before: bind("User:bob") }],
    [
      "is created by whoever holds the verb bind",
      { after: bind("User:bob"), by: "eve", verbs: ["bind AccessRole/staff"] },
    ],
    ["changes its reason", { before: bind("User:bob"), after: bind("User:bob", { reason: "x" }), by: "eve" }],
    ["changes its role in one write", { before: bind("User:bob"), after: bind("User:bob", {}, "rival") }],
    ["is asked for by who may", { after: bind("User:bob", { requestedBy: { kind: "User", name: "ann" } }) }],
    [
      "is deleted whoever asked for it",
      { before: bind("User:bob", { requestedBy: { kind: "User", name: "eve" } }) },
    ],
    [
      "conflicts with a default, which yields",
      {
        after: bind("User:bob"),
        others: [
          build("AccessDomain", "default", { defaultRoles: [{ role: "rival" }] }),
          build(
            "AccessRoleBinding",
            {
              name: "default-acme-bob-organization-acme",
              annotations: { "sidegate.dev/given-role": "rival" },
              ownerReferences: [
                { apiVersion: "sidegate.dev/v1alpha1", kind: "Membership", name: "acme-bob", uid: "1" },
              ],
            },
            {
              role: "rival",
              subjects: [{ kind: "User", name: "bob" }],
              scope: { kind: "Organization", name: "acme" },
            },
          ),
        ],
      },
    ],
  ])("that %s is let through", (_name, write) => {
    expect(judge(write)).toEqual([]);
  });

  test.each<[string, Write, readonly string[]]>([
    [
      "has a role that the writer may not give",
      { after: bind("User:bob", {}, "other") },
      ["spec.subjects[0]"],
    ],
    [
      "is written by nobody in particular",
      { after: bind(["User:ann", "User:bob"]), by: "eve" },
      ["spec.subjects[0]", "spec.subjects[1]"],
    ],
    [
      "stands at a level that the right does not list",
      { after: binding("b", "staff", "User:bob", "environment/prod") },
      ["spec.subjects[0]"],
    ],
    ["names somebody who is no member", { after: bind(["User:bob", "User:eve"]) }, ["spec.subjects[1]"]],
    [
      "conflicts with another one",
      { after: bind("User:bob"), others: [binding("x", "rival", "User:bob", acme)] },
      ["spec.subjects[0]"],
    ],
    [
      "conflicts for a member of a group",
      {
        after: bind("AccessGroup:g"),
        others: [group("g", "User:ann", "User:bob"), binding("x", "rival", "User:bob", acme)],
      },
      ["spec.subjects[0]"],
    ],
    [
      "is asked for by who may not",
      { after: bind("User:bob", { requestedBy: { kind: "User", name: "bob" } }) },
      ["spec.requestedBy"],
    ],
    [
      "is asked for by who may not, though the writer holds bind",
      {
        after: bind("User:bob", { requestedBy: { kind: "User", name: "bob" } }),
        by: "eve",
        verbs: ["bind AccessRole/staff"],
      },
      ["spec.requestedBy"],
    ],
    [
      "lasts longer",
      { before: bind("User:bob", { expiresAt: later }), after: bind("User:bob"), by: "eve" },
      ["spec.subjects[0]"],
    ],
    [
      "ends earlier",
      { before: bind("User:bob"), after: bind("User:bob", { expiresAt: later }), by: "eve" },
      ["spec.subjects[0]"],
    ],
    [
      "loses its condition",
      { before: bind("User:bob", { when: "true" }), after: bind("User:bob"), by: "eve" },
      ["spec.subjects[0]"],
    ],
    [
      "changes its condition, which takes and gives",
      { before: bind("User:bob", { when: "true" }), after: bind("User:bob", { when: "false" }), by: "eve" },
      ["spec.subjects[0]", "spec.subjects[0]"],
    ],
    [
      "drops a subject",
      { before: bind(["User:ann", "User:bob"]), after: bind("User:ann"), by: "eve" },
      ["spec.subjects[1]"],
    ],
    ["names a role that does not exist", { after: bind("User:bob", {}, "gone") }, ["spec.subjects[0]"]],
    [
      "takes the last holder away, whatever the writer may",
      {
        before: bind("User:bob"),
        verbs: ["bind AccessRole/staff"],
        others: [
          build("AccessConstraint", "k", { minHolders: { role: "staff", level: "Organization", count: 1 } }),
        ],
      },
      ["spec"],
    ],
  ])("that %s is refused", (_name, write, wanted) => {
    expect(paths(write)).toEqual(wanted);
  });

  test("is refused with a sentence that names who, what, why and the remedy", () => {
    expect(judge({ after: bind("User:bob", {}, "other") })).toEqual([
      {
        path: "spec.subjects[0]",
        message:
          'User "k8s:boss" may not give AccessRole "other" at organization/acme to User "bob": no effective grant at organization/acme or above lets the actor give AccessRole "other" at Organization; let somebody write it who may, or be allowed the verb "bind" on AccessRole "other"',
        liftedBy: { verb: "bind", kind: "AccessRole", name: "other" },
      },
    ]);
  });
});

describe("Members of a group", () => {
  const bound = [bind("AccessGroup:g")];

  test.each<[string, Write, readonly string[]]>([
    [
      "come where the writer may give",
      { before: group("g"), after: group("g", "User:bob"), others: bound },
      [],
    ],
    [
      "come where the group is bound nowhere",
      { before: group("g"), after: group("g", "User:bob"), by: "eve" },
      [],
    ],
    [
      "come where the binding is over",
      {
        before: group("g"),
        after: group("g", "User:bob"),
        by: "eve",
        others: [bind("AccessGroup:g", { expiresAt: over })],
      },
      [],
    ],
    [
      "come by who may not",
      { before: group("g", "User:ann"), after: group("g", "User:ann", "User:bob"), by: "eve", others: bound },
      ["spec.members[1]"],
    ],
    [
      "go by who may not",
      { before: group("g", "User:bob"), after: group("g"), by: "eve", others: bound },
      ["spec.members[0]"],
    ],
    ["go with the group", { before: group("g", "User:bob"), by: "eve", others: bound }, ["spec.members[0]"]],
    [
      "come to a group that is held by a bound one",
      {
        before: group("h"),
        after: group("h", "User:bob"),
        by: "eve",
        others: [group("g", "AccessGroup:h"), ...bound],
      },
      ["spec.members[0]"],
    ],
    [
      "are no members of the organization",
      { before: group("g"), after: group("g", "User:eve"), others: bound },
      ["spec.members[0]"],
    ],
    [
      "would come to two roles at once that exclude one another",
      {
        before: group("g"),
        after: group("g", "User:bob"),
        others: [...bound, binding("x", "rival", "AccessGroup:g", acme)],
      },
      ["spec.members[0]"],
    ],
  ])("%s", (_name, write, wanted) => {
    expect(paths(write)).toEqual(wanted);
  });
});

describe("A Membership", () => {
  const admit = ["admit Organization/acme"];
  const requestedBy = (name: string) => ({ requestedBy: { kind: "User", name } as const });

  test.each<[string, Write, readonly string[]]>([
    ["is created by who has the permission", { after: member("eve") }, []],
    ["is created by who may admit", { after: member("eve"), by: "eve", verbs: admit }, []],
    ["is created by somebody else", { after: member("eve"), by: "eve" }, ["spec.organization"]],
    ["is deleted by who may only create", { before: member("bob") }, ["spec.organization"]],
    ["ends later", { before: member("bob", { expiresAt: later }), after: member("bob") }, []],
    [
      "ends earlier",
      { before: member("bob"), after: member("bob", { expiresAt: later }) },
      ["spec.organization"],
    ],
    [
      "has other attributes",
      { before: member("bob"), after: member("bob", { attributes: { a: "1" } }) },
      ["spec.organization"],
    ],
    [
      "has an attribute with another value",
      {
        before: member("bob", { attributes: { a: "1" } }),
        after: member("bob", { attributes: { a: "2" } }),
      },
      ["spec.organization"],
    ],
    [
      "changes nothing but who asked for it",
      {
        before: member("bob", { attributes: { a: "1" } }),
        after: member("bob", { attributes: { a: "1" }, requestedBy: { kind: "User", name: "eve" } }),
        by: "eve",
      },
      [],
    ],
    [
      "has the same attributes",
      { before: member("bob"), after: member("bob", { attributes: {} }), by: "eve" },
      [],
    ],
    ["is asked for by who has the permission", { after: member("eve", requestedBy("ann")) }, []],
    [
      "is asked for by who has not",
      { after: member("eve", requestedBy("bob")), by: "eve", verbs: admit },
      ["spec.requestedBy"],
    ],
    [
      "takes the last holder with it",
      {
        before: member("bob"),
        verbs: admit,
        others: [
          bind("User:bob"),
          build("AccessConstraint", "k", { minHolders: { role: "staff", level: "Organization", count: 1 } }),
        ],
      },
      ["spec"],
    ],
  ])("%s", (_name, write, wanted) => {
    expect(paths(write)).toEqual(wanted);
  });
});

describe("A role", () => {
  const rules = (...verbs: string[]) => ({ rules: [{ resources: ["doc"], verbs }] });
  const own = (spec: object) => role("r", { organization: "acme", ...spec });

  test.each<[string, Write, readonly string[]]>([
    ["comes to what the writer holds", { after: own(rules("view")) }, []],
    ["comes to more", { after: own(rules("edit")) }, ["spec.rules"]],
    [
      "comes to more by who may escalate",
      { after: own(rules("edit")), verbs: ["escalate AccessRole/r"] },
      [],
    ],
    [
      "belongs to no organization, where the writer holds nothing",
      { after: role("r", rules("view")) },
      ["spec.rules"],
    ],
    [
      "lets grant what the writer may",
      { after: own({ grants: [{ roles: ["staff"], levels: ["Organization"] }] }) },
      [],
    ],
    [
      "may be assigned at more levels",
      { before: own({ assignableAt: ["Workspace"] }), after: own({}) },
      ["spec.assignableAt", "spec.assignableAt", "spec.assignableAt"],
    ],
    [
      "denies less",
      {
        before: own({ rules: [{ effect: "Deny", resources: ["doc"], verbs: ["view"] }] }),
        after: own({}),
      },
      ["spec.rules"],
    ],
    ["is deleted and denied nothing", { before: own(rules("edit")) }, []],
    [
      "belongs to an organization that does not exist",
      { after: role("r", { organization: "gone", ...rules("view") }) },
      ["spec.rules"],
    ],
    [
      "lets grant more",
      { after: own({ grants: [{ roles: ["other"], levels: ["Organization"] }] }) },
      ["spec.grants", "spec.grants"],
    ],
    [
      "comes to what the writer holds by a binding with a condition",
      {
        after: own(rules("edit")),
        others: [role("e", rules("edit")), binding("x", "e", "User:k8s:boss", acme, { when: "true" })],
      },
      ["spec.rules"],
    ],
    [
      "comes to what is void for the writer further down",
      {
        after: own(rules("edit")),
        others: [
          role("e", rules("edit")),
          binding("x", "e", "User:k8s:boss", acme),
          binding("y", "staff", "User:k8s:boss", "environment/prod"),
          build("AccessConstraint", "s", { separationOfDuty: { roles: ["e", "staff"] } }),
        ],
      },
      ["spec.rules"],
    ],
    [
      "comes to what a Deny rule further down takes from the writer",
      {
        after: own(rules("view")),
        others: [
          role("d", { rules: [{ effect: "Deny", resources: ["*"], verbs: ["*"] }] }),
          binding("x", "d", "User:k8s:boss", "environment/prod"),
        ],
      },
      ["spec.rules"],
    ],
  ])("%s", (_name, write, wanted) => {
    expect(paths(write)).toEqual(wanted);
  });
});

test("Nothing more is asked of other kinds", () => {
  expect(judge({ after: build("Organization", "new", {}), by: "eve" })).toEqual([]);
  expect(judge({ after: build("AccessConstraint", "k", {}), by: "eve" })).toEqual([]);
});

test("Kubernetes users and service accounts act under names of their own", () => {
  expect(kubernetesWriter("ann", ["dev"])).toEqual({ kind: "User", name: "k8s:ann", groups: ["k8s:dev"] });
  expect(kubernetesWriter("system:serviceaccount:ns:bot", [])).toEqual({
    kind: "ServiceAccount",
    name: "k8s:ns/bot",
    groups: [],
  });
  expect(kubernetesWriter("system:serviceaccount:ns", []).kind).toBe("User");
});
