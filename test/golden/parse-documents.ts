import type { MatrixTable } from "./preset-tables.ts";

/** A row of a table as it stands in a document. */
export interface DocumentRow {
  /** From 1. */
  readonly line: number;
  readonly text: string;
}

/** A table as it stands in a document. */
export interface DocumentTable extends MatrixTable {
  readonly places: readonly DocumentRow[];
}

/**
 * Tables whose columns are parted by "|". Empty leading cells were lost where such a text came from, so marks are counted
 * from the right.
 */
export function parsePipeTables(text: string): Omit<DocumentTable, "table">[] {
  const tables: { columns: string[]; rows: string[]; places: DocumentRow[] }[] = [];
  for (const [index, line] of text.split("\n").entries()) {
    if (!line.includes(" | ")) continue;
    const [first = "", ...others] = line.split("|").map((cell) => cell.trim());
    const filled = others.filter((cell) => cell !== "");
    if (first === "Permission") tables.push({ columns: filled, rows: [], places: [] });
    else {
      const table = tables.at(-1)!;
      table.rows.push("x".repeat(filled.length).padStart(table.columns.length, "."));
      table.places.push({ line: index + 1, text: first });
    }
  }
  return tables;
}

/** HTML tables, each on a line of its own below a heading, with a check mark or a cross in each cell. */
export function parseHtmlTables(text: string): DocumentTable[] {
  const tables: DocumentTable[] = [];
  let heading = "";
  for (const [index, line] of text.split("\n").entries()) {
    if (line.startsWith("#")) heading = line.replace(/<.*$/, "").replaceAll("#", "").trim();
    if (!line.startsWith("<table>")) continue;
    const [, ...columns] = [...line.matchAll(/<th[^>]*>(.*?)<\/th>/g)].map(([, cell = ""]) => cell);
    const [, ...rows] = line.split("<tr>").map((row) => row.split("<td>").slice(1));
    const filled = rows.filter((row) => row.length > 0);
    tables.push({
      table: heading,
      columns,
      rows: filled.map(([, ...cells]) => cells.map((cell) => (cell.includes("✅") ? "x" : ".")).join("")),
      places: filled.map(([cell = ""]) => ({ line: index + 1, text: plain(cell) })),
    });
  }
  return tables;
}

/** The lines that begin with a bullet, by what stands last before them and has one of the endings. */
export function parseBullets(text: string, isHead: (line: string) => boolean): DocumentRow[][] {
  const lists: DocumentRow[][] = [];
  for (const [index, line] of text.split("\n").entries()) {
    if (isHead(line)) lists.push([]);
    const bullet = /^\s*•(.*)$/.exec(line)?.[1];
    if (bullet !== undefined) lists.at(-1)?.push({ line: index + 1, text: bullet.trim() });
  }
  return lists;
}

/** The sentences of a text with their lines. */
export function sentencesOf(text: string): DocumentRow[] {
  return text.split("\n").flatMap((line, index) =>
    line
      .trim()
      .split(/(?<=[.!?])\s+/)
      .filter((sentence) => sentence !== "")
      .map((sentence) => ({ line: index + 1, text: sentence })),
  );
}

function plain(cell: string): string {
  return cell
    .replaceAll(/<[^>]*>/g, "")
    .replaceAll(/\s+/g, " ")
    .trim();
}
