import { expect, it } from "vitest";
import { binding, build, role } from "../../test/worlds/build.ts";
import { DomainCompiler } from "../compile/domain-compiler.ts";
import { loadCompiled } from "../policy/load-compiled.ts";
import { decide } from "./decide.ts";

/** The groups of a world by name, each with the groups or users that are in it; those named after the other organization count for its members only. */
type Groups = Readonly<Record<string, readonly string[]>>;

function outcomeThrough(groups: Groups, bound: string): string {
  const compiler = new DomainCompiler("shop");
  const subject = { kind: "User", name: "ann" } as const;
  const objects = [
    build("PermissionCatalog", "c", {
      resources: [{ name: "logs", level: "Organization", verbs: [{ name: "view" }] }],
    }),
    ...["acme", "other"].map((name) => build("Organization", name, {})),
    build("Membership", "ann", { organization: "acme", subject }),
    role("viewer", { rules: [{ resources: ["logs"], verbs: ["view"] }] }),
    binding("b", "viewer", `AccessGroup:${bound}`, "organization/acme"),
    ...Object.entries(groups).map(([name, members]) =>
      build("AccessGroup", name, {
        members: members.map((member) =>
          member === "ann" ? subject : { kind: "AccessGroup", name: member },
        ),
        ...(name.startsWith("other") && { organization: "other" }),
      }),
    ),
  ];
  for (const object of objects) compiler.put(object);
  const request = {
    ...{ subjectKind: "User", subjectName: "ann", groups: [], resourceName: "", activeRoles: [] },
    ...{ permission: "logs:view", scope: "organization/acme" },
  };
  return decide(loadCompiled(compiler.compile({})), request, 0).outcome;
}

it.each<[string, Groups, string, string]>([
  ["one way that counts", { one: ["ann"], bound: ["one"] }, "bound", "Allowed"],
  ["one way that does not", { "other-a": ["ann"], bound: ["other-a"] }, "bound", "NoGrant"],
  [
    "a way that does not count, then one that does",
    { "other-a": ["ann"], z: ["ann"], bound: ["other-a", "z"] },
    "bound",
    "Allowed",
  ],
  [
    "a longer way that counts, found after the other's groups were looked at",
    { "other-a": ["ann"], y: ["ann"], z: ["y"], joint: ["other-a", "z"], bound: ["joint"] },
    "bound",
    "Allowed",
  ],
  [
    "the same, further on",
    {
      ...{ "other-a": ["ann"], y: ["ann"], z: ["y"], joint: ["other-a", "z"] },
      ...{ next: ["joint"], further: ["next"], bound: ["further"] },
    },
    "bound",
    "Allowed",
  ],
  [
    "the same, in a circle",
    {
      ...{ "other-a": ["ann"], y: ["ann"], z: ["y"], joint: ["other-a", "z", "bound"] },
      ...{ next: ["joint"], further: ["next"], bound: ["further"] },
    },
    "bound",
    "Allowed",
  ],
])("a group that is reached by %s", (_, groups, bound, outcome) => {
  expect(outcomeThrough(groups, bound)).toBe(outcome);
});
