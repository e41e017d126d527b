import { globSync, readFileSync } from "node:fs";
import { basename, resolve } from "node:path";
import { describe, expect, test } from "vitest";
import { openDomain } from "../../cli/folder/open-domain.ts";
import { findFindings } from "../../cli/lint/find-findings.ts";
import { showMatrix } from "../../cli/matrix/show-matrix.ts";
import { DEFAULT_DOMAIN } from "../../cli/options.ts";
import { testPolicy } from "../../cli/policy-test/test-policy.ts";
import { crds } from "../../crds/definitions.ts";
import { decide } from "../../engine/decide/decide.ts";
import { createManifestValidator } from "../../engine/validate/manifest-validator.ts";
import { createSystemClock } from "../../host/clock.ts";
import { FolderReader } from "../../operator/source/folder/folder-reader.ts";
import { allCases } from "./all-cases.ts";
import { corpus } from "./corpus.ts";
import { type PresetTables, presetTables } from "./preset-tables.ts";

const root = resolve(import.meta.dirname, "../..");
const presets = globSync("presets/*/catalog.yaml", { cwd: root })
  .map((path) => basename(resolve(root, path, "..")))
  .toSorted();
const validator = createManifestValidator(crds);
const pause = async () => {};

test("There are presets, and each has cases", () => {
  expect(presets).toEqual(
    expect.arrayContaining(["paradigm", "paradime", "paragon", "paragon-connect", "redox"]),
  );
  expect(presets.filter((preset) => worldsOf(preset).length === 0)).toEqual([]);
});

describe.each(presets)("The preset %s", (preset) => {
  const folder = resolve(root, "presets", preset);
  const reader = new FolderReader({ folder, domain: DEFAULT_DOMAIN, validator, pause });

  test("can be applied as it stands: a folder that is read without a problem, case files left out", async () => {
    const { manifests, problems, foreign } = await reader.read();
    expect({ problems, foreign }).toEqual({ problems: [], foreign: [] });
    const files = new Set([...manifests.values()].map(({ file }) => basename(resolve(folder, file))));
    expect([...files].toSorted()).toEqual(globSync("*.yaml", { cwd: folder }).toSorted());
  });

  test("has nothing that lint finds fault with, and needs no annotation for it", async () => {
    const { manifests } = await reader.read();
    const { domain, world, policy } = await openDomain(folder, undefined);
    const wanted = { severities: ["error", "warning"] as const, now: nowOf(preset), policyOf: () => policy };
    const all = await findFindings(folder, manifests, new Map([[domain, world]]), 100, pause, wanted);
    expect(all).toEqual({ findings: [], ignored: 0 });
  });

  test("has somebody in each role who can be tried", async () => {
    const { world } = await openDomain(folder, undefined);
    const held = new Set([...world.list("AccessRoleBinding")].map(({ spec }) => spec.role));
    const idle = [...world.list("AccessRole")].filter(({ metadata }) => !held.has(metadata.name));
    expect(idle.map(({ metadata }) => metadata.name)).toEqual([]);
  });

  test("has a reference to its document with each case, and shows its roles in its README.md", async () => {
    const cases = worldsOf(preset).flatMap(allCases);
    expect(cases.filter(({ says }) => says?.line === undefined).map(({ name }) => name)).toEqual([]);
    const readme = readFileSync(resolve(folder, "README.md"), "utf8");
    expect(readme).toContain(await showMatrix(folder, { output: "markdown" }));
  });

  test("passes its own cases as `sidegate test` runs them, which show what each role does for each permission", async () => {
    const report = await testPolicy(folder, [], {}, createSystemClock());
    expect({ failed: report.failed, uncovered: report.coverage.uncovered }).toEqual({
      failed: 0,
      uncovered: [],
    });
  });

  test("is answered as its README.md says", async () => {
    const readme = readFileSync(resolve(folder, "README.md"), "utf8");
    const questions = [
      ...readme.matchAll(/^sidegate check --subject user:(\S+) --scope (\S+) (\S+) +# (.*)$/gm),
    ];
    if (preset in presetTables) expect(questions.length).toBeGreaterThan(0);
    const { policy } = await openDomain(folder, undefined);
    const now = nowOf(preset);
    for (const [, subjectName = "", scope = "", permission = "", answer = ""] of questions) {
      const request = {
        subjectKind: "User",
        subjectName,
        groups: [],
        permission,
        scope,
        resourceName: "",
        activeRoles: [],
      };
      const { outcome, disclosure } = decide(policy, request, now);
      const hidden = disclosure === "NotFound" ? ", not found" : "";
      const said = outcome === "Allowed" ? "allow" : `deny ${outcome}${hidden}`;
      expect(`${subjectName} ${scope} ${permission} ${answer.replace(/:.*$/, "")}`).toBe(
        `${subjectName} ${scope} ${permission} ${said}`,
      );
    }
  });
});

describe.each(Object.entries<PresetTables>(presetTables))(
  "The cases of %s",
  (preset, { matrices, lists }) => {
    const cells = worldsOf(preset)
      .flatMap(({ cases }) => cases)
      .flatMap(({ cell, want }) => (cell ? [{ ...cell, isAllowed: want.outcome === "Allowed" }] : []));

    test("have each cell of the document's tables, and say what the cell says", () => {
      const wanted = matrices.flatMap(({ table, columns, rows }) =>
        rows.flatMap((marks, row) =>
          columns.map((column, at) => `${table} ${row + 1} ${column} ${marks[at] === "x"}`),
        ),
      );
      const tables = new Set(matrices.map(({ table }) => table));
      const found = cells
        .filter(({ table }) => tables.has(table))
        .map(({ table, row, column, isAllowed }) => `${table} ${row} ${column} ${isAllowed}`);
      expect([...new Set(found)].toSorted()).toEqual(wanted.toSorted());
    });

    test("have each line of the document's lists: something is allowed in those of what may be done, nothing in the others", () => {
      const wanted = lists.flatMap(({ table, allowed, denied }) => [
        ...lines(table, allowed.column, allowed.count, true),
        ...lines(table, denied.column, denied.count, false),
      ]);
      const listed = cells.filter(({ table }) => lists.some((list) => list.table === table));
      const found = Map.groupBy(listed, ({ table, row, column }) => `${table} ${row} ${column}`);
      const said = [...found].map(([line, all]) => `${line} ${all.some(({ isAllowed }) => isAllowed)}`);
      expect(said.toSorted()).toEqual(wanted.toSorted());
      const tables = new Set([...matrices, ...lists].map(({ table }) => table));
      expect(cells.filter(({ table }) => !tables.has(table))).toEqual([]);
    });
  },
);

test("The tables of paradime have 35 rows and 280 cells, those of redox 63 cells", () => {
  const count = (preset: "paradime" | "redox") => presetTables[preset].matrices.flatMap(({ rows }) => rows);
  expect(count("paradime")).toHaveLength(35);
  expect(count("paradime").join("")).toHaveLength(280);
  expect(count("redox").join("")).toHaveLength(63);
});

function worldsOf(preset: string) {
  return corpus.filter(({ file }) => file.startsWith(`presets/${preset}/`));
}

/** The instant of the preset's cases, in milliseconds since 1970. */
function nowOf(preset: string): number {
  return worldsOf(preset).flatMap(allCases)[0]?.now ?? 0;
}

function lines(table: string, column: string, count: number, isAllowed: boolean): string[] {
  return Array.from({ length: count }, (_, row) => `${table} ${row + 1} ${column} ${isAllowed}`);
}
