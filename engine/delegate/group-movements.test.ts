import { describe, expect, test } from "vitest";
import { acme, bind, group, over, paths, type Write } from "../../test/support/judging.ts";
import { binding } from "../../test/worlds/build.ts";

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
