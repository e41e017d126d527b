import { existsSync, readFileSync } from "node:fs";
import { resolve } from "node:path";
import { describe, expect, test } from "vitest";
import { allCases } from "./all-cases.ts";
import { corpus } from "./corpus.ts";
import {
  type DocumentRow,
  parseBullets,
  parseHtmlTables,
  parsePipeTables,
  sentencesOf,
} from "./parse-documents.ts";
import { type MatrixTable, presetTables } from "./preset-tables.ts";
import { sentencesWithoutRule } from "./sentences-without-rule.ts";

/** The documents are not part of the project: they are compared where they lie beside it. */
const folder = resolve(import.meta.dirname, "../../../shared/seeds");
const files = {
  redox: "redox-roles.md",
  paradime: "paradime-rbac.md",
  paradigm: "paradigm-rbac.txt",
  paragon: "paragon-rbac.txt",
  "paragon-connect": "paragon-jwt-permissions.md",
};
const there = Object.entries(files).filter(([, file]) => existsSync(resolve(folder, file)));

describe.skipIf(there.length < 5)("Where the documents lie beside the project", () => {
  test.each(there)(
    "the words that the cases of %s quote stand in the line that they name",
    (preset, file) => {
      const lines = read(file).split("\n");
      const wrong = casesOf(preset).filter(
        ({ says }) => !lines[(says?.line ?? 0) - 1]?.includes(says?.words ?? ""),
      );
      expect(wrong.map(({ name, says }) => ({ name, says }))).toEqual([]);
    },
  );

  test.each(there)("each sentence of %s that states a rule has a case", (preset, file) => {
    const said = casesOf(preset).flatMap(({ says }) => (says ? [says] : []));
    const silent = sentencesOf(read(file)).filter(
      ({ line, text }) =>
        !said.some((each) => each.line === line && (text.includes(each.words) || each.words.includes(text))),
    );
    const known = sentencesWithoutRule[preset]!;
    expect(silent.map(({ line, text }) => [line, text.slice(0, beginning(known, line, text))])).toEqual(
      known.toSorted(([a], [b]) => a - b),
    );
  });

  test("every cell of the tables of redox is as the document has it", () => {
    const tables = parsePipeTables(read(files.redox));
    expect(tables.map(({ columns, rows }) => ({ columns, rows }))).toEqual(
      presetTables.redox.matrices.map(({ columns, rows }) => ({ columns, rows })),
    );
    expect(misplaced("redox", (table) => tables[table === "organization" ? 0 : 1]!.places)).toEqual([]);
  });

  test("every cell of the tables of paradime is as the document has it", () => {
    const tables = parseHtmlTables(read(files.paradime));
    const matrices: MatrixTable[] = tables.map(({ table, columns, rows }) => ({ table, columns, rows }));
    expect(matrices).toEqual(presetTables.paradime.matrices);
    expect(misplaced("paradime", (name) => tables.find(({ table }) => table === name)!.places)).toEqual([]);
  });

  test.each([
    ["paradigm", files.paradigm, (line: string) => line.startsWith("✅") || line.startsWith("Group and")],
    ["paragon", files.paragon, (line: string) => line.startsWith("✔")],
  ] as const)("every line of the lists of %s is as the document has it", (preset, file, isHead) => {
    const { lists } = presetTables[preset];
    const bullets = parseBullets(read(file), isHead);
    const counts = lists.map(({ allowed, denied }) => allowed.count + denied.count);
    expect(bullets.slice(0, lists.length).map(({ length }) => length)).toEqual(counts);
    const rowsOf = (table: string, column: string) => {
      const at = lists.findIndex((list) => list.table === table);
      const { allowed } = lists[at]!;
      return column === allowed.column ? bullets[at]! : bullets[at]!.slice(allowed.count);
    };
    expect(misplaced(preset, rowsOf)).toEqual([]);
  });
});

function read(file: string): string {
  return readFileSync(resolve(folder, file), "utf8");
}

function casesOf(preset: string) {
  return corpus.filter(({ file }) => file.startsWith(`presets/${preset}/`)).flatMap(allCases);
}

/** The cases that name another line, or words of another row, than their cell has. */
function misplaced(
  preset: string,
  rowsOf: (table: string, column: string) => readonly DocumentRow[],
): string[] {
  return casesOf(preset).flatMap(({ name, cell, says }) => {
    if (cell === undefined) return [];
    const row = rowsOf(cell.table, cell.column)[cell.row - 1];
    const isThere = row !== undefined && row.line === says?.line && `• ${row.text}`.includes(says.words);
    return isThere ? [] : [name];
  });
}

/** How much of a sentence the list of those without a rule quotes; all where it does not have it. */
function beginning(known: readonly (readonly [number, string])[], line: number, text: string): number {
  return known.find(([at, words]) => at === line && text.startsWith(words))?.[1].length ?? text.length;
}
