import { GONE, type StringRows } from "./edit-strings.ts";
import { columnBytes } from "./string-column.ts";

/** The rows of a table of which some are as they were, some gone, and some put anew. */
export interface EditedRows<T> {
  readonly size: number;
  /** By old row: the row now, or GONE where it is gone or was put anew. Ascending. */
  readonly carried: Uint32Array;
  readonly put: readonly (readonly [row: number, value: T])[];
}

/** A column of such a table. @param translate what becomes of a value that is carried over; @param made the value of what was put */
export function editColumn<T>(
  old: Uint32Array | Uint8Array,
  { size, carried, put }: EditedRows<T>,
  translate: (value: number) => number,
  made: (value: T) => number,
): Uint32Array {
  const column = new Uint32Array(size);
  for (let row = 0; row < carried.length; row++) {
    const now = carried[row]!;
    if (now !== GONE) column[now] = translate(old[row]!);
  }
  for (const [row, value] of put) column[row] = made(value);
  return column;
}

/** Which values a column has in rows that are carried over, as ones. @param size more than the greatest value */
export function usedValues(column: Uint32Array, carried: Uint32Array, size: number): Uint8Array {
  const used = new Uint8Array(size);
  for (let row = 0; row < carried.length; row++) if (carried[row] !== GONE) used[column[row]!] = 1;
  return used;
}

/** A column of strings that a table has a dictionary of. @param offset 1 where 0 stands for none */
export function editDictionary<T>(
  strings: StringRows,
  old: Uint32Array,
  offset: 0 | 1,
  rows: EditedRows<T>,
  textOf: (value: T) => string | undefined,
) {
  const used = usedValues(old, rows.carried, strings.size + offset);
  const { encoded, moved, added } = strings.edit(
    (row) => used[row + offset] !== 0,
    rows.put.flatMap(([, value]) => textOf(value) ?? []),
  );
  const rowOf = (text: string | undefined) => (text === undefined ? 0 : added.get(text)! + offset);
  const translate = (value: number) => (value < offset ? value : moved[value - offset]! + offset);
  const column = editColumn(old, rows, translate, (value) => rowOf(textOf(value)));
  return { encoded, column: columnBytes(column) };
}
