import { describe, expect, test } from "vitest";
import { acme, bind, group, judge, later, paths, type Write } from "../../test/support/judging.ts";
import { binding, build } from "../../test/worlds/build.ts";

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
