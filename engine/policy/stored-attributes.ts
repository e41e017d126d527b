import type { Attributes } from "../../proto/generated/shard.js";
import type { StoredAttributes } from "../condition/condition-facts.ts";
import { SidegateError } from "../errors/sidegate-error.ts";
import { readColumn, requireBelow } from "./columns.ts";

// Attributes have no prototype, so that a key is there only if it was stored.
const NONE: StoredAttributes = Object.freeze(Object.create(null));

/** Attributes by row. A shard in which no row has any keeps no column. */
export class StoredAttributeColumn {
  readonly #rows: Uint32Array | undefined;
  readonly #sets: readonly StoredAttributes[];

  /** @param bytes by row: 0, or 1 plus the index into `sets` */
  constructor(bytes: Uint8Array, rows: number, sets: readonly StoredAttributes[], name: string) {
    this.#sets = sets;
    if (bytes.length === 0) return;
    this.#rows = readColumn(bytes, rows, name);
    requireBelow(this.#rows, sets.length + 1, name);
  }

  /** What the column takes in memory, the sets aside. */
  get bytes(): number {
    return this.#rows?.byteLength ?? 0;
  }

  /** The attributes of a row; a row beyond the column, such as -1, has none. */
  at(row: number): StoredAttributes {
    const set = this.#rows?.[row] ?? 0;
    return set === 0 ? NONE : this.#sets[set - 1]!;
  }
}

/** Reads the attribute sets of a shard. */
export function readAttributeSets(sets: readonly Attributes[]): StoredAttributes[] {
  return sets.map(({ keys, values }) => {
    if (keys.length !== values.length)
      throw new SidegateError("SG2002", `attribute_sets has ${keys.length} keys for ${values.length} values`);
    const attributes: Record<string, string> = Object.create(null);
    for (const [index, key] of keys.entries()) attributes[key] = values[index]!;
    return Object.freeze(attributes);
  });
}
