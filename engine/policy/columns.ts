import type { Strings } from "../../proto/generated/shard.js";
import { SidegateError } from "../errors/sidegate-error.ts";

/** Reads a column of 32-bit integers into memory of its own, so that the message it came in can go. */
export function readColumn(bytes: Uint8Array, rows: number, name: string): Uint32Array {
  const column = new Uint32Array(rows);
  if (bytes.length === 0) return column;
  requireLength(bytes, rows * 4, name);
  new Uint8Array(column.buffer).set(bytes);
  return column;
}

/** Reads a column that is there in full, however many rows it is said to have elsewhere. */
export function readFullColumn(bytes: Uint8Array, rows: number, name: string): Uint32Array {
  requireLength(bytes, rows * 4, name);
  return readColumn(bytes, rows, name);
}

/** Reads a column of rows of a table that has `limit`. */
export function readIndexes(bytes: Uint8Array, rows: number, limit: number, name: string): Uint32Array {
  const column = readColumn(bytes, rows, name);
  requireBelow(column, limit, name);
  return column;
}

/** Reads a column of bytes. */
export function readBytes(bytes: Uint8Array, rows: number, name: string): Uint8Array {
  const column = new Uint8Array(rows);
  if (bytes.length === 0) return column;
  requireLength(bytes, rows, name);
  column.set(bytes);
  return column;
}

/** Reads a column of 64-bit floats of whatever length it has. */
export function readFloats(bytes: Uint8Array, name: string): Float64Array {
  if (bytes.length % 8 !== 0) damaged(`${name} has ${bytes.length} bytes, no multiple of 8`);
  const column = new Float64Array(bytes.length / 8);
  new Uint8Array(column.buffer).set(bytes);
  return column;
}

/** Reads the ends of Strings, checking that they ascend within the pool. */
export function readEnds(strings: Strings | null, name: string): Uint32Array {
  if (strings === null) return new Uint32Array(0);
  if (strings.ends.length % 4 !== 0)
    damaged(`${name} has ${strings.ends.length} bytes of ends, no multiple of 4`);
  const ends = readColumn(strings.ends, strings.ends.length / 4, name);
  requireAscending(ends, name);
  if ((ends.at(-1) ?? 0) !== strings.pool.length)
    damaged(`the last end of ${name} is not the length of its pool`);
  return ends;
}

/** Requires that a column of ends never goes down. */
export function requireAscending(ends: Uint32Array, name: string): void {
  for (let row = 1; row < ends.length; row++) {
    if (ends[row]! < ends[row - 1]!) damaged(`${name} has ends that go down at row ${row}`);
  }
}

/** Requires that every value of a column is below `limit`, so that no look-up can leave its table. */
export function requireBelow(column: Uint32Array, limit: number, name: string): void {
  for (let row = 0; row < column.length; row++) {
    if (column[row]! >= limit)
      damaged(`${name} has ${column[row]} at row ${row}, beyond its table of ${limit}`);
  }
}

/** Decodes all strings; for tables that are small. */
export function readStrings(strings: Strings | null, name: string): string[] {
  const ends = readEnds(strings, name);
  const pool = Buffer.from(strings?.pool ?? []);
  return Array.from(ends, (end, row) => pool.toString("utf8", row === 0 ? 0 : ends[row - 1], end));
}

function requireLength(bytes: Uint8Array, wanted: number, name: string): void {
  if (bytes.length !== wanted) damaged(`${name} has ${bytes.length} bytes instead of ${wanted}`);
}

function damaged(detail: string): never {
  throw new SidegateError("SG2002", detail);
}
