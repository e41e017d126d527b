import type { Strings } from "../../proto/generated/shard.js";
import { readEnds } from "../policy/columns.ts";
import { bytesOf } from "./string-column.ts";

/** Stands for the row of what is no more. */
export const GONE = 0xffff_ffff;

/** Strings of a shard as they are with some of them gone and others added: as `internStrings` makes them of what is left. */
export interface EditedStrings {
  readonly encoded: { readonly pool: Uint8Array; readonly ends: Uint8Array };
  readonly size: number;
  /** By old row: the row now, or GONE. Ascending. */
  readonly moved: Uint32Array;
  /** The rows of what was to be added, there before or not. */
  readonly added: ReadonlyMap<string, number>;
}

/** A text, and the first old row that is not below it. */
interface Place {
  readonly at: number;
  readonly text: string;
}

/** The strings of a shard, to be looked up by what they are and edited. Not for such as hold a replacement character. */
export class StringRows {
  readonly size: number;
  readonly #pool: Buffer;
  readonly #ends: Uint32Array;

  /** @throws SidegateError SG2002 where the ends do not fit the pool */
  constructor(strings: Strings | null, name: string) {
    const pool = strings?.pool ?? new Uint8Array(0);
    this.#ends = readEnds(strings, name);
    this.#pool = Buffer.from(pool.buffer, pool.byteOffset, pool.byteLength);
    this.size = this.#ends.length;
  }

  /**
   * Whether a string may have been no well-formed text: it is ordered by what it was, and holds replacement characters
   * instead.
   */
  get mayBeMalformed(): boolean {
    return this.#pool.includes("\ufffd");
  }

  /** The row of a string, or -1. */
  find(text: string): number {
    const row = this.#lowerBound(text);
    return row < this.size && this.#text(row) === text ? row : -1;
  }

  /** @param isKept whether the string of a row stays; what is added stays whatever this says */
  edit(isKept: (row: number) => boolean, added: Iterable<string>): EditedStrings {
    const kept = new Uint8Array(this.size);
    for (let row = 0; row < kept.length; row++) if (isKept(row)) kept[row] = 1;
    const inserts: Place[] = [];
    const known: Place[] = [];
    for (const text of [...new Set(added)].sort()) {
      const at = this.#lowerBound(text);
      if (at === this.size || this.#text(at) !== text) inserts.push({ at, text });
      else {
        known.push({ at, text });
        kept[at] = 1;
      }
    }
    const merged = this.#merge(kept, inserts);
    for (const { at, text } of known) merged.added.set(text, merged.moved[at]!);
    return merged;
  }

  /** The kept strings, and others before the rows that are told. */
  #merge(kept: Uint8Array, inserts: readonly Place[]) {
    const size = kept.reduce((sum, one) => sum + one, inserts.length);
    const ends = new Uint32Array(size);
    const moved = new Uint32Array(this.size).fill(GONE);
    const added = new Map<string, number>();
    const parts: Uint8Array[] = [];
    let [row, end, runStart, next] = [0, 0, 0, 0];
    const flush = (until: number) => {
      if (until > runStart) parts.push(this.#pool.subarray(runStart, until));
      runStart = until;
    };
    for (let old = 0; old <= this.size; old++) {
      for (; inserts[next]?.at === old; next++) {
        flush(this.#start(old));
        const { text } = inserts[next]!;
        const bytes = Buffer.from(text);
        parts.push(bytes);
        end += bytes.length;
        added.set(text, row);
        ends[row++] = end;
      }
      if (old === this.size) break;
      if (kept[old] === 0) {
        flush(this.#start(old));
        runStart = this.#ends[old]!;
        continue;
      }
      moved[old] = row;
      end += this.#ends[old]! - this.#start(old);
      ends[row++] = end;
    }
    flush(this.#pool.length);
    return { encoded: { pool: Buffer.concat(parts), ends: bytesOf(ends) }, size, moved, added };
  }

  /** The first row whose string is not below a text, by UTF-16 code units. */
  #lowerBound(text: string): number {
    let [low, high] = [0, this.size];
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (this.#text(middle) < text) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  #start(row: number): number {
    return row === 0 ? 0 : this.#ends[row - 1]!;
  }

  #text(row: number): string {
    return this.#pool.toString("utf8", this.#start(row), this.#ends[row]);
  }
}
