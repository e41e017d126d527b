import type { GrantShard } from "../../proto/generated/shard.js";
import { DEFAULT_FLAG } from "../compile/shard-format.ts";
import { SidegateError } from "../errors/sidegate-error.ts";
import { Level } from "../model/scope.ts";
import { AUTHENTICATED, SubjectDigit } from "../model/subject.ts";
import {
  readBytes,
  readColumn,
  readFullColumn,
  readIndexes,
  requireAscending,
  requireBelow,
} from "./columns.ts";
import * as layout from "./grant-layout.ts";
import { type Run, StringRun, StringTable } from "./string-table.ts";

/** How many rows the tables have that records name. */
export interface TableSizes {
  readonly roles: number;
  readonly windows: number;
  readonly conditions: number;
  readonly bindings: number;
}

/** What plain decisions ask of a shard, as grant-layout.ts says. */
export interface PackedGrants {
  readonly words: Int32Array;
  readonly scopes: StringTable;
  readonly subjects: StringTable;
  /** The binding that each grant comes from, by grant. */
  readonly bindings: Uint32Array;
}

/** Packs a shard, its roles not yet looked up. @throws SidegateError SG2002 */
export function packGrants(shard: GrantShard, sizes: TableSizes): PackedGrants {
  const scopeKeys = new StringRun(shard.scopeKeys, "scope_keys");
  const subjectKeys = new StringRun(shard.subjectKeys, "subject_keys");
  const scopes = scopeKeys.size;
  const parents = readIndexes(shard.scopeParent, scopes, scopes, "scope_parent");
  requireTree(parents);
  const ends = readColumn(shard.subjectGrantEnds, subjectKeys.size, "subject_grant_ends");
  requireAscending(ends, "subject_grant_ends");
  const bindings = readFullColumn(shard.grantBinding, ends.at(-1) ?? 0, "grant_binding");
  requireBelow(bindings, sizes.bindings, "grant_binding");
  const words = concatenate(layout.ROLES + sizes.roles, [
    [layout.PARENTS, records([parents])],
    [layout.SCOPE_KEYS, scopeKeys],
    [layout.SUBJECT_KEYS, subjectKeys],
    [layout.SUBJECTS, subjectRecords(shard, ends, sizes)],
    [layout.GRANTS, grantRecords(shard, bindings, scopes, sizes)],
  ]);
  const packed = {
    words,
    scopes: new StringTable(words, words[layout.SCOPE_KEYS]),
    subjects: new StringTable(words, words[layout.SUBJECT_KEYS]),
    bindings,
  };
  fillHeader(shard, packed);
  return packed;
}

function fillHeader(shard: GrantShard, { words, scopes, subjects }: PackedGrants): void {
  words[layout.SUSPENDED] = shard.suspended ? 1 : 0;
  words[layout.ROOT_LEVEL] = shard.organization === "" ? Level.Platform : Level.Organization;
  words[layout.FIRST_ENVIRONMENT] = countAbove(scopes, Level.Environment);
  words[layout.SCOPE_MASK] = scopes.mask;
  words[layout.SUBJECT_MASK] = subjects.mask;
  words[layout.AUTHENTICATED_ROW] = subjects.findText(SubjectDigit.Group + AUTHENTICATED);
}

function subjectRecords(shard: GrantShard, ends: Uint32Array, { windows }: TableSizes): Run {
  const starts = ends.map((_, row) => (row === 0 ? 0 : ends[row - 1]!));
  const members = readIndexes(shard.subjectMember, ends.length, windows + 1, "subject_member");
  return records([starts, ends, members]);
}

function grantRecords(shard: GrantShard, bindings: Uint32Array, scopes: number, sizes: TableSizes): Run {
  const rows = sizes.bindings;
  const conditions = readIndexes(shard.bindingWhen, rows, sizes.conditions + 1, "binding_when");
  const flags = readBytes(shard.bindingFlags, rows, "binding_flags");
  const ofBindings = [
    readIndexes(shard.bindingScope, rows, scopes, "binding_scope"),
    readIndexes(shard.bindingRole, rows, sizes.roles, "binding_role"),
    readIndexes(shard.bindingWindow, rows, sizes.windows, "binding_window"),
    conditions.map((condition, row) => condition * 2 + (flags[row]! & DEFAULT_FLAG)),
  ];
  return records(ofBindings, bindings);
}

/** Puts runs one after the other and notes in fields of the header where each begins. @param start of the first one */
function concatenate(start: number, runs: readonly (readonly [field: number, run: Run])[]): Int32Array {
  const words = new Int32Array(runs.reduce((sum, [, { length }]) => sum + length, start));
  let at = start;
  for (const [field, run] of runs) {
    words[field] = at;
    run.put(words, at);
    at += run.length;
  }
  return words;
}

/** Columns as records, one for each of the rows given; left out: for all, in their order. */
function records(columns: readonly Uint32Array[], rows?: Uint32Array): Run {
  const fields = columns.length;
  return {
    length: (rows ?? columns[0]!).length * fields,
    put: (words, at) => {
      for (const [field, column] of columns.entries()) {
        const values = rows === undefined ? column : rows.map((row) => column[row]!);
        for (let row = 0; row < values.length; row++) words[at + row * fields + field] = values[row]!;
      }
    },
  };
}

/** Requires that every scope but the first hangs under one before it, so that walking up ends at row 0. */
function requireTree(parents: Uint32Array): void {
  if (parents.length === 0) throw new SidegateError("SG2002", "scope_keys is empty");
  for (let row = 0; row < parents.length; row++) {
    if (parents[row]! >= Math.max(row, 1))
      throw new SidegateError("SG2002", `scope_parent of row ${row} is no earlier row`);
  }
}

/** How many scopes stand above a level: keys begin with the digit of their level, and rows are ordered by key. */
function countAbove(scopes: StringTable, level: Level): number {
  let row = 0;
  while (row < scopes.size && scopes.pool[scopes.start(row)]! < 48 + level) row++;
  return row;
}
