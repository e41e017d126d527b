import type { DiffEntry } from "../../engine/diff/diff-entry.ts";
import { type DiffRow, groupRows } from "./group-rows.ts";

export type DiffFormat = "table" | "markdown" | "json";

/** Rows of which a table is aligned together, so that one of any length needs no memory. */
const ALIGNED = 500;
const HEAD = ["subject", "scope", "gained", "lost", "conditional"];

/**
 * Prints entries as they come.
 *
 * @param finish called after the last entry; for JSON its result is the member "summary", else it is printed as text
 */
export function printDiff(
  format: DiffFormat,
  entries: Iterable<DiffEntry>,
  print: (text: string) => void,
  finish: () => { readonly json: unknown; readonly text: string },
): void {
  if (format === "json") printJson(entries, print, finish);
  else {
    if (format === "markdown") printMarkdown(groupRows(entries), print);
    else printTable(groupRows(entries), print);
    print(finish().text);
  }
}

function printJson(
  entries: Iterable<DiffEntry>,
  print: (text: string) => void,
  finish: () => { readonly json: unknown },
): void {
  print('{\n  "entries": [');
  let comma = "";
  for (const entry of entries) {
    print(`${comma}\n    ${JSON.stringify(entry)}`);
    comma = ",";
  }
  print(`${comma === "" ? "" : "\n  "}],\n  "summary": ${JSON.stringify(finish().json)}\n}\n`);
}

function printTable(rows: Iterable<DiffRow>, print: (text: string) => void): void {
  let block: string[][] = [HEAD];
  const flush = () => {
    const widths = HEAD.map((_, column) => Math.max(...block.map((row) => row[column]!.length)));
    const line = (row: readonly string[]) =>
      row
        .map((text, column) => text.padEnd(widths[column]!))
        .join("  ")
        .trimEnd();
    print(block.map((row) => `${line(row)}\n`).join(""));
  };
  for (const row of rows) {
    block.push(cells(row, "-"));
    if (block.length < ALIGNED) continue;
    flush();
    block = [HEAD];
  }
  if (block.length > 1) flush();
}

function printMarkdown(rows: Iterable<DiffRow>, print: (text: string) => void): void {
  const line = (row: readonly string[]) =>
    `| ${row.map((text) => text.replaceAll("|", "\\|")).join(" | ")} |\n`;
  let isFirst = true;
  for (const row of rows) {
    if (isFirst) print(line(HEAD) + line(HEAD.map(() => "---")));
    isFirst = false;
    print(line(cells(row, "")));
  }
  if (!isFirst) print("\n");
}

function cells({ subject, scope, gained, lost, conditional }: DiffRow, empty: string): string[] {
  const list = (permissions: readonly string[]) =>
    permissions.length === 0 ? empty : permissions.join(", ");
  return [printable(subject), printable(scope), list(gained), list(lost), list(conditional)];
}

/** A name as it may stand in a terminal: quoted if it holds control characters. */
function printable(text: string): string {
  return /\p{Cc}/u.test(text) ? JSON.stringify(text) : text;
}
