import type { Strings } from "../../proto/generated/shard.js";
import { hashBytes } from "../model/hash.ts";
import { readEnds } from "./columns.ts";

/*
 * Strings of a shard with an index by content, as one run of 32-bit integers, so that it can stand in one array with other
 * things of the shard. Places are counted from the start of the run:
 *
 *   mask        one less than the number of slots, which is a power of two
 *   size        how many strings there are
 *   slots       a hash and the place of a record, each; 0 for the place: free
 *   places      of the records, by row
 *   records     a value (the row, unless others are given), a length in bytes, and so many bytes of UTF-8, filled up with zeros
 *
 * What a look-up costs is the cache lines that it touches: one for a string that is not there, and another one or two for one
 * that is.
 *
 * INVARIANT: at most half of the slots are taken, so every probe, which goes from slot to slot, meets a free one.
 */
const SIZE = 1;
const SLOTS = 2;

// Fields of a slot; the hash stands first.
const PLACE = 1;
const SLOT = 2;

// Fields of a record; the value stands first.
const LENGTH = 1;
const TEXT = 2;

/**
 * The value of the string with these bytes and hash, or -1.
 *
 * @param table where the table begins
 * @param mask its first integer, which the caller has at hand
 */
export function findString(
  words: Int32Array,
  table: number,
  mask: number,
  bytes: Uint8Array,
  start: number,
  end: number,
  hash: number,
): number {
  for (let slot = hash & mask; ; slot = (slot + 1) & mask) {
    const at = table + SLOTS + slot * SLOT;
    const place = words[at + PLACE]!;
    if (place === 0) return -1;
    if (words[at] !== hash) continue;
    const record = table + place;
    if (words[record + LENGTH] === end - start && equals(words, record + TEXT, bytes, start, end))
      return words[record]!;
  }
}

/** What takes so many integers of an array, wherever it is put. */
export interface Run {
  readonly length: number;
  /** Puts it at a place where all is 0. */
  put(words: Int32Array, at: number): void;
}

/**
 * Strings of a shard as a table that is yet to be put somewhere.
 *
 * @param name for errors
 * @throws SidegateError SG2002
 */
export class StringRun implements Run {
  readonly size: number;
  readonly length: number;
  readonly #ends: Uint32Array;
  readonly #pool: Uint8Array;
  readonly #mask: number;
  readonly #places: number;

  constructor(strings: Strings | null, name: string) {
    this.#ends = readEnds(strings, name);
    this.#pool = strings?.pool ?? new Uint8Array();
    this.size = this.#ends.length;
    const slots = slotsFor(this.size);
    this.#mask = slots - 1;
    this.#places = SLOTS + slots * SLOT;
    this.length = this.#places + this.size + recordsLength(this.#ends);
  }

  put(words: Int32Array, at: number): void {
    this.#putValues(words, at, undefined);
  }

  /** The table in an array of its own. @param values by row; left out: the rows themselves */
  toTable(values?: Uint32Array): StringTable {
    const words = new Int32Array(this.length);
    this.#putValues(words, 0, values);
    return new StringTable(words);
  }

  #putValues(words: Int32Array, at: number, values: Uint32Array | undefined): void {
    const bytes = new Uint8Array(words.buffer);
    const [ends, pool, places] = [this.#ends, this.#pool, at + this.#places];
    words[at] = this.#mask;
    words[at + SIZE] = this.size;
    let record = places + this.size;
    for (let row = 0, start = 0; row < ends.length; row++) {
      const end = ends[row]!;
      words[places + row] = record - at;
      words[record] = values === undefined ? row : values[row]!;
      words[record + LENGTH] = end - start;
      this.#takeSlot(words, at, hashBytes(pool, start, end), record - at);
      let to = (record + TEXT) * 4;
      while (start < end) bytes[to++] = pool[start++]!;
      record = (to + 3) >>> 2;
    }
  }

  /** Takes the first free slot for a record. */
  #takeSlot(words: Int32Array, table: number, hash: number, place: number): void {
    const mask = this.#mask;
    let slot = hash & mask;
    while (words[table + SLOTS + slot * SLOT + PLACE] !== 0) slot = (slot + 1) & mask;
    words[table + SLOTS + slot * SLOT] = hash;
    words[table + SLOTS + slot * SLOT + PLACE] = place;
  }
}

/** A table of strings by row. */
export class StringTable {
  readonly size: number;
  /** The first integer of the table. */
  readonly mask: number;
  /** Holds the strings, and more. */
  readonly pool: Buffer;
  readonly #words: Int32Array;
  readonly #at: number;
  readonly #places: number;

  /** @param at where the table begins in `words` */
  constructor(words: Int32Array, at = 0) {
    this.#words = words;
    this.#at = at;
    this.mask = words[at]!;
    this.size = words[at + SIZE]!;
    this.pool = Buffer.from(words.buffer, words.byteOffset, words.byteLength);
    this.#places = at + SLOTS + (this.mask + 1) * SLOT;
  }

  /** The value of the string with these bytes and hash, or -1. */
  find(bytes: Uint8Array, start: number, end: number, hash: number): number {
    return findString(this.#words, this.#at, this.mask, bytes, start, end, hash);
  }

  /** The value of a string, or -1. */
  findText(text: string): number {
    const bytes = Buffer.from(text);
    return this.find(bytes, 0, bytes.length, hashBytes(bytes, 0, bytes.length));
  }

  /** Where the string of a row begins in `pool`. */
  start(row: number): number {
    return (this.#record(row) + TEXT) * 4;
  }

  /** Where the string of a row ends in `pool`. */
  end(row: number): number {
    return this.start(row) + this.#words[this.#record(row) + LENGTH]!;
  }

  hash(row: number): number {
    return hashBytes(this.pool, this.start(row), this.end(row));
  }

  /** The string of a row as an object of its own. */
  text(row: number): string {
    return this.pool.toString("utf8", this.start(row), this.end(row));
  }

  #record(row: number): number {
    return this.#at + this.#words[this.#places + row]!;
  }
}

/** Whether the bytes are those that stand from the word `at` on. Words are little-endian, as columns are. */
function equals(words: Int32Array, at: number, bytes: Uint8Array, start: number, end: number): boolean {
  let word = at;
  let byte = start;
  for (; byte + 4 <= end; byte += 4, word++) {
    const four = bytes[byte]! | (bytes[byte + 1]! << 8) | (bytes[byte + 2]! << 16) | (bytes[byte + 3]! << 24);
    if (words[word] !== four) return false;
  }
  if (byte === end) return true;
  let rest = 0;
  for (let shift = 0; byte < end; byte++, shift += 8) rest |= bytes[byte]! << shift;
  return words[word] === rest;
}

function recordsLength(ends: Uint32Array): number {
  let length = ends.length * TEXT;
  for (let row = 0, start = 0; row < ends.length; start = ends[row++]!)
    length += (ends[row]! - start + 3) >>> 2;
  return length;
}

function slotsFor(size: number): number {
  let slots = 2;
  while (slots < size * 2) slots *= 2;
  return slots;
}
