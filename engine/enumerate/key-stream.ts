import type { StringTable } from "../policy/string-table.ts";
import { firstFrom, successor } from "./first-from.ts";

/** Rows that one step looks at, at most. */
const STEP = 2048;

/** The keys of a table's rows that are wanted, in ascending order, found step by step. */
export class KeyStream {
  /** The key that is next; undefined: there is none left, or it has not been found yet. */
  head: string | undefined;
  readonly #table: StringTable;
  readonly #end: number;
  readonly #isWanted: (row: number) => boolean;
  #next: number;

  /**
   * @param after keys come after this one; empty: from the start
   * @param end keys come before this one
   */
  constructor(table: StringTable, after: string, end: string, isWanted: (row: number) => boolean) {
    this.#table = table;
    this.#isWanted = isWanted;
    this.#next = after === "" ? 0 : firstFrom(table, successor(after));
    this.#end = firstFrom(table, end);
  }

  /** Looks for the next key. @returns whether it, or the end, has been found; if not, ask again */
  step(): boolean {
    this.head = undefined;
    const stop = Math.min(this.#end, this.#next + STEP);
    while (this.#next < stop) {
      const row = this.#next++;
      if (!this.#isWanted(row)) continue;
      this.head = this.#table.text(row);
      return true;
    }
    return this.#next >= this.#end;
  }
}
