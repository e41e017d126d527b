import { describe, expect, it } from "vitest";
import { build } from "../../test/worlds/build.ts";
import type { PermissionCatalog } from "../model/objects.generated.ts";
import { mergeCatalogs } from "./merge-catalogs.ts";

type Resource = NonNullable<PermissionCatalog["spec"]["resources"]>[number];

function merge(...catalogs: Resource[][]) {
  return mergeCatalogs(catalogs.map((resources, i) => build("PermissionCatalog", `c${i}`, { resources })));
}

const logs: Resource = {
  name: "logs",
  level: "Environment",
  verbs: [{ name: "view" }, { name: "retry", implies: ["view"] }],
};

describe("mergeCatalogs", () => {
  it("closes implications", () => {
    const verbs = [
      { name: "own", implies: ["manage"] },
      { name: "manage", implies: ["view", "absent"] },
      { name: "view" },
    ];
    const { types } = merge([{ name: "doc", level: "Workspace", verbs }]);
    expect(types.get("doc")?.verbs).toEqual(
      new Map([
        ["manage", ["view"]],
        ["own", ["manage", "view"]],
        ["view", []],
      ]),
    );
  });

  it("has the type membership in every domain, whatever catalogs say of it", () => {
    const { types, problems } = merge([{ name: "membership", level: "Platform", verbs: [{ name: "ban" }] }]);
    expect([...(types.get("membership")?.verbs.keys() ?? [])]).toEqual(["create", "delete"]);
    expect(types.get("membership")?.level).toBe(2);
    expect(problems.map((problem) => problem.kind)).toEqual(["BuiltIn"]);
  });

  it("takes a type that is declared twice alike, in whatever order", () => {
    const { types, problems } = merge([logs], [{ ...logs, title: "Logs", verbs: logs.verbs.toReversed() }]);
    expect(types.has("logs")).toBe(true);
    expect(problems).toEqual([]);
  });

  it.each<[string, Partial<Resource>]>([
    ["level", { level: "Organization" }],
    ["verbs", { verbs: [{ name: "view" }] }],
    ["implications", { verbs: [{ name: "view" }, { name: "retry" }] }],
  ])("does not know a type that is declared twice with other %s, and tells both catalogs", (_, change) => {
    const { types, problems } = merge(
      [logs],
      [
        { ...logs, ...change },
        { name: "doc", level: "Workspace", verbs: [] },
      ],
    );
    expect([...types.keys()]).toEqual(["doc", "membership"]);
    expect(problems.map(({ catalog, type, kind }) => [catalog, type, kind])).toEqual([
      ["c0", "logs", "Contradiction"],
      ["c1", "logs", "Contradiction"],
    ]);
  });

  it.each<[string, Resource["verbs"]]>([
    ["itself", [{ name: "view", implies: ["view"] }]],
    [
      "itself through another",
      [
        { name: "a", implies: ["b"] },
        { name: "b", implies: ["a"] },
      ],
    ],
  ])("does not know a type with a verb that implies %s", (_, verbs) => {
    const { types, problems } = merge([{ name: "doc", level: "Workspace", verbs }]);
    expect(types.has("doc")).toBe(false);
    expect(problems.map((problem) => problem.kind)).toEqual(["ImplicationCycle"]);
  });
});
