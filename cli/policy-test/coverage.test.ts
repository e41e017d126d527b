import { describe, expect, it } from "vitest";
import { loadCompiled } from "../../engine/policy/load-compiled.ts";
import { compile } from "../../test/properties/engine.ts";
import { anObject, worldOf } from "../../test/support/objects.ts";
import { Coverage } from "./coverage.ts";

const catalog = anObject("PermissionCatalog", "main", {
  resources: [
    { name: "bills", level: "Organization", verbs: [{ name: "pay" }] },
    { name: "logs", level: "Environment", verbs: [{ name: "view" }, { name: "retry" }] },
  ],
});
const base = anObject("AccessRole", "base", {
  assignableAt: ["Environment"],
  rules: [
    { resources: ["logs"], verbs: ["view"] },
    { resources: ["logs"], verbs: ["retry"], names: ["app-*"] },
  ],
});
const blocked = anObject("AccessRole", "blocked", {
  assignableAt: ["Environment"],
  includes: ["base"],
  rules: [{ effect: "Deny", resources: ["logs"], verbs: ["retry"] }],
});
const objects = [catalog, base, blocked];
const coverageOf = () => new Coverage(worldOf(...objects), loadCompiled(compile(objects)));

describe("Coverage", () => {
  it("wants an allow where a rule allows, a deny where none does or one denies, both where names decide", () => {
    expect(coverageOf().report()).toEqual({
      wanted: 5,
      covered: 0,
      percent: 0,
      uncovered: [
        { role: "base", permission: "logs:retry", effect: "allow" },
        { role: "base", permission: "logs:retry", effect: "deny" },
        { role: "base", permission: "logs:view", effect: "allow" },
        { role: "blocked", permission: "logs:retry", effect: "deny" },
        { role: "blocked", permission: "logs:view", effect: "allow" },
      ],
    });
  });

  it("counts what cases show, each effect once", () => {
    const coverage = coverageOf();
    const world = worldOf(...objects);
    coverage.note(world, "base", "logs:view", "allow");
    coverage.note(world, "base", "logs:view", "allow");
    coverage.note(world, "blocked", "logs:retry", "deny");
    coverage.note(world, "blocked", "logs:retry", "allow");
    expect(coverage.report()).toMatchObject({ covered: 2, percent: 40 });
  });

  it("does not count a case whose role, or one that it includes, says something else", () => {
    const other = anObject("AccessRole", "base", { ...base.spec, assignableAt: ["Organization"] });
    const coverage = coverageOf();
    coverage.note(worldOf(catalog, other, blocked), "blocked", "logs:retry", "deny");
    coverage.note(worldOf(catalog, blocked), "blocked", "logs:retry", "deny");
    coverage.note(worldOf(catalog, blocked), "gone", "logs:retry", "deny");
    expect(coverage.report().covered).toBe(0);
  });

  it("is whole where nothing is wanted, and 100 only where nothing is missing", () => {
    expect(new Coverage(worldOf(), loadCompiled(compile([]))).report().percent).toBe(100);
  });
});
