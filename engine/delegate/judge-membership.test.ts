import { describe, expect, test } from "vitest";
import { bind, later, member, paths, type Write } from "../../test/support/judging.ts";
import { build } from "../../test/worlds/build.ts";

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
