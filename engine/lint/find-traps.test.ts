import { expect, it } from "vitest";
import { worldOf } from "../../test/support/objects.ts";
import { build, role } from "../../test/worlds/build.ts";
import { findTraps } from "./find-traps.ts";
import { lintRules } from "./lint-rules.ts";

it("gathers what the rules find by object", () => {
  const catalog = build("PermissionCatalog", "main", {
    resources: [{ name: "logs", level: "Environment", verbs: [{ name: "view" }] }],
  });
  const admin = role("admin", {
    assignableAt: ["Platform"],
    rules: [{ resources: ["*"], verbs: ["*"] }],
  });
  const traps = findTraps(worldOf(catalog, admin), lintRules, { now: 0, policy: () => undefined });
  const found = [...traps].map(([key, all]) => [key, all.map(({ rule }) => rule.name)]);
  expect(found).toEqual([["AccessRole/admin", ["UnusedRole", "WildcardReachesBelow"]]]);
});

it("knows its rules by names that are unique, and in order", () => {
  const names = lintRules.map(({ name }) => name);
  expect(names).toEqual([...new Set(names)].sort());
  for (const { name, meaning, remedy } of lintRules) {
    expect(name).toMatch(/^([A-Z][a-z]+)+$/);
    for (const text of [meaning, remedy]) expect(text).toMatch(/^[A-Z].*\.$/);
  }
});
