import type { StringTable } from "../policy/string-table.ts";

/** The first row of a table whose string is `text` or comes after it, by UTF-16 code units; the table's size if none is. */
export function firstFrom(table: StringTable, text: string): number {
  let low = 0;
  let high = table.size;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (table.text(middle) < text) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** The text that comes right after another one. */
export function successor(text: string): string {
  return `${text}\u0000`;
}
