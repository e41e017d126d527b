import type { Strings } from "../../proto/generated/shard.js";
import { hashBytes } from "../model/hash.ts";
import { readEnds } from "./columns.ts";

// Fields of a slot; the hash stands first. ROW is one more than the row, and 0 in a free slot.
const ROW = 1;
const START = 2;
const LENGTH = 3;
const SLOT = 4;

/**
 * Strings of a shard with an index by content. It keeps no string objects: UTF-8 in one pool, ends, and a hash table with
 * linear probing. A slot holds all that a comparison needs, because what a look-up costs is the cache lines that it touches:
 * one for a string that is not there, two for one that is.
 *
 * INVARIANT: at most half of the slots are taken, so every probe meets a free one.
 */
export class StringTable {
  readonly size: number;
  readonly #pool: Uint8Array;
  readonly #ends: Uint32Array;
  readonly #slots: Int32Array;
  readonly #mask: number;

  constructor(strings: Strings | null, name: string) {
    this.#ends = readEnds(strings, name);
    this.#pool = Uint8Array.from(strings?.pool ?? []);
    this.size = this.#ends.length;
    const slots = slotsFor(this.size);
    this.#mask = slots - 1;
    this.#slots = new Int32Array(slots * SLOT);
    for (let row = 0; row < this.size; row++) this.#insert(this.hash(row), row);
  }

  /** The row of the string with these bytes and hash, or -1. */
  find(bytes: Uint8Array, start: number, end: number, hash: number): number {
    const slots = this.#slots;
    for (let slot = hash & this.#mask; ; slot = (slot + 1) & this.#mask) {
      const at = slot * SLOT;
      const row = slots[at + ROW]! - 1;
      if (row < 0) return -1;
      if (slots[at] !== hash || slots[at + LENGTH] !== end - start) continue;
      if (this.#equals(slots[at + START]!, bytes, start, end)) return row;
    }
  }

  /** The row of a string, or -1. */
  findText(text: string): number {
    const bytes = Buffer.from(text);
    return this.find(bytes, 0, bytes.length, hashBytes(bytes, 0, bytes.length));
  }

  /** Where the string of a row begins in `pool`. */
  start(row: number): number {
    return row === 0 ? 0 : this.#ends[row - 1]!;
  }

  /** Where the string of a row ends in `pool`. */
  end(row: number): number {
    return this.#ends[row]!;
  }

  /** What it takes in memory. */
  get bytes(): number {
    return this.#pool.byteLength + this.#ends.byteLength + this.#slots.byteLength;
  }

  get pool(): Uint8Array {
    return this.#pool;
  }

  hash(row: number): number {
    return hashBytes(this.#pool, this.start(row), this.end(row));
  }

  /** The string of a row as an object of its own. */
  text(row: number): string {
    return Buffer.from(this.#pool.buffer, this.#pool.byteOffset).toString(
      "utf8",
      this.start(row),
      this.end(row),
    );
  }

  #equals(from: number, bytes: Uint8Array, start: number, end: number): boolean {
    const pool = this.#pool;
    for (let at = start, other = from; at < end; at++, other++) if (pool[other] !== bytes[at]) return false;
    return true;
  }

  #insert(hash: number, row: number): void {
    let slot = hash & this.#mask;
    while (this.#slots[slot * SLOT + ROW] !== 0) slot = (slot + 1) & this.#mask;
    this.#slots[slot * SLOT] = hash;
    this.#slots[slot * SLOT + ROW] = row + 1;
    this.#slots[slot * SLOT + START] = this.start(row);
    this.#slots[slot * SLOT + LENGTH] = this.end(row) - this.start(row);
  }
}

function slotsFor(size: number): number {
  let slots = 2;
  while (slots < size * 2) slots *= 2;
  return slots;
}
