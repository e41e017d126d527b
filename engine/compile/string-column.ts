/** Strings of a shard as they are encoded: ascending, each once, with the row of each. */
export interface StringColumn {
  readonly rows: ReadonlyMap<string, number>;
  readonly encoded: { readonly pool: Uint8Array; readonly ends: Uint8Array };
}

/** Interns strings: sorted by UTF-16 code units, so that the same strings give the same bytes in whatever order. */
export function internStrings(strings: Iterable<string>): StringColumn {
  const sorted = [...new Set(strings)].sort();
  const rows = new Map<string, number>();
  const ends = new Uint32Array(sorted.length);
  let end = 0;
  for (const [row, text] of sorted.entries()) {
    rows.set(text, row);
    end += Buffer.byteLength(text);
    ends[row] = end;
  }
  return { rows, encoded: { pool: Buffer.from(sorted.join("")), ends: bytesOf(ends) } };
}

/** The bytes of a column, little-endian as all machines that run Node are. A column of zeros is left out. */
export function columnBytes(column: Uint32Array | Uint8Array | Float64Array): Uint8Array {
  if (column.every((value) => value === 0)) return new Uint8Array(0);
  return bytesOf(column);
}

/** The bytes of a column that is there even if all is zero, because its length says how many rows there are. */
export function bytesOf(column: Uint32Array | Uint8Array | Float64Array): Uint8Array {
  return new Uint8Array(column.buffer, column.byteOffset, column.byteLength);
}
