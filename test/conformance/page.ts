import { readFileSync } from "node:fs";
import { join } from "node:path";

const page = readFileSync(join(import.meta.dirname, "../../docs/reference/conformance.md"), "utf8");

/** A section of the page of conformance, with its heading. */
export function sectionOf(heading: string): string {
  const section = page.split(/^(?=## )/m).find((text) => text.startsWith(`## ${heading}\n`));
  if (section === undefined) throw new Error(`docs/reference/conformance.md has no section ${heading}`);
  return section;
}

/** A number as the page writes it. */
export function count(value: number): string {
  return value.toLocaleString("en-US");
}

/** A row of a table of the page. */
export function row(...cells: readonly (string | number)[]): string {
  return `\n| ${cells.map((cell) => (typeof cell === "number" ? count(cell) : cell)).join(" | ")} |`;
}
