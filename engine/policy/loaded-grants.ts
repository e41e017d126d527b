import type { GrantShard } from "../../proto/generated/shard.js";
import { DEFAULT_FLAG } from "../compile/shard-format.ts";
import { SidegateError } from "../errors/sidegate-error.ts";
import { Level } from "../model/scope.ts";
import { AUTHENTICATED, SubjectDigit } from "../model/subject.ts";
import {
  readBytes,
  readColumn,
  readEnds,
  readFloats,
  readFullColumn,
  readStrings,
  requireAscending,
  requireBelow,
} from "./columns.ts";
import type { LoadedModel } from "./loaded-model.ts";
import { StringTable } from "./string-table.ts";

/** The role does not exist. */
export const NO_ROLE = -1;

// Fields of a binding's record; the role stands first.
const SCOPE = 1;
const WINDOW = 2;
const WHEN = 3;
const FLAGS = 4;
const RECORD = 5;

// Fields of a subject's record; its first grant stands first.
const END = 1;
const MEMBER = 2;
const FIRST_BINDING = 3;
const SUBJECT_RECORD = 4;

/**
 * The scopes, members and grants of one organization, or the grants at Platform, as typed arrays. Rows are those of
 * GrantShard in shard.proto; every index in a column has been checked against its table.
 */
export class LoadedGrants {
  /** Empty: Platform. */
  readonly organization: string;
  readonly suspended: boolean;
  readonly scopes: StringTable;
  readonly scopeParent: Uint32Array;
  readonly subjects: StringTable;
  /** The row of `system:authenticated`, which every subject is in, or -1. */
  readonly authenticated: number;
  // A record of role, scope, window, condition and flags for each binding: whoever looks at one needs most of them.
  readonly #bindings: Int32Array;
  readonly #firstEnvironment: number;
  readonly #windows: Float64Array;
  // A record for each subject: its first grant, the end of its grants, its membership, and the binding of its first grant,
  // which most have no more of.
  readonly #subjects: Int32Array;
  readonly #grantBinding: Uint32Array;
  readonly #roleNames: readonly string[];
  readonly #bindingNames: { readonly pool: Buffer; readonly ends: Uint32Array };
  // The rows of this shard's roles in a model: looked up once per model, on first use after a swap.
  #model: LoadedModel | undefined;
  #roleRows = new Int32Array(0);

  constructor(shard: GrantShard) {
    this.organization = shard.organization;
    this.suspended = shard.suspended;
    this.scopes = new StringTable(shard.scopeKeys, "scope_keys");
    this.subjects = new StringTable(shard.subjectKeys, "subject_keys");
    this.#roleNames = readStrings(shard.roleNames, "role_names");
    const bindingEnds = readEnds(shard.bindingNames, "binding_names");
    this.#bindingNames = { pool: Buffer.from(shard.bindingNames?.pool ?? []), ends: bindingEnds };
    this.#windows = readFloats(shard.windows, "windows");
    const bindings = bindingEnds.length;
    const windows = this.#windows.length / 2;
    this.scopeParent = readIndexes(shard.scopeParent, this.scopes.size, this.scopes.size, "scope_parent");
    this.#bindings = interleave(bindings, [
      readIndexes(shard.bindingRole, bindings, this.#roleNames.length, "binding_role"),
      readIndexes(shard.bindingScope, bindings, this.scopes.size, "binding_scope"),
      readIndexes(shard.bindingWindow, bindings, windows, "binding_window"),
      readColumn(shard.bindingWhen, bindings, "binding_when"),
      readBytes(shard.bindingFlags, bindings, "binding_flags"),
    ]);
    const subjects = this.subjects.size;
    const ends = readColumn(shard.subjectGrantEnds, subjects, "subject_grant_ends");
    requireAscending(ends, "subject_grant_ends");
    this.#grantBinding = readFullColumn(shard.grantBinding, ends.at(-1) ?? 0, "grant_binding");
    requireBelow(this.#grantBinding, bindings, "grant_binding");
    const starts = ends.map((_, row) => (row === 0 ? 0 : ends[row - 1]!));
    this.#subjects = interleave(subjects, [
      starts,
      ends,
      readIndexes(shard.subjectMember, subjects, windows + 1, "subject_member"),
      starts.map((start) => this.#grantBinding[start] ?? 0),
    ]);
    requireTree(this.scopeParent);
    this.authenticated = this.subjects.findText(SubjectDigit.Group + AUTHENTICATED);
    this.#firstEnvironment = this.#countAbove(Level.Environment);
  }

  /** The role of a binding as a row of the model, or NO_ROLE. */
  roleOf(binding: number, model: LoadedModel): number {
    if (this.#model !== model) {
      this.#roleRows = Int32Array.from(this.#roleNames, (name) => model.roleRows.get(name) ?? NO_ROLE);
      this.#model = model;
    }
    return this.#roleRows[this.#bindings[binding * RECORD]!]!;
  }

  roleName(binding: number): string {
    return this.#roleNames[this.#bindings[binding * RECORD]!]!;
  }

  /** Whether the window of a binding holds. @param now milliseconds since 1970 */
  isInForce(binding: number, now: number): boolean {
    const window = this.#bindings[binding * RECORD + WINDOW]!;
    return window === 0 || (this.#windows[window * 2]! <= now && now < this.#windows[window * 2 + 1]!);
  }

  /** Whether a subject (a row, or -1) is a member. @param now milliseconds since 1970 */
  isMember(subject: number, now: number): boolean {
    const member = subject < 0 ? 0 : this.#subjects[subject * SUBJECT_RECORD + MEMBER]!;
    return member !== 0 && now < this.#windows[(member - 1) * 2 + 1]!;
  }

  /** The first grant of a subject; grants are ordered by scope. */
  firstGrant(subject: number): number {
    return this.#subjects[subject * SUBJECT_RECORD]!;
  }

  /** One more than the last grant of a subject. */
  endOfGrants(subject: number): number {
    return this.#subjects[subject * SUBJECT_RECORD + END]!;
  }

  /** The binding that a grant of a subject comes from. */
  bindingOf(subject: number, grant: number): number {
    const isFirst = grant === this.#subjects[subject * SUBJECT_RECORD];
    return isFirst ? this.#subjects[subject * SUBJECT_RECORD + FIRST_BINDING]! : this.#grantBinding[grant]!;
  }

  /** The scope that a binding names. */
  scopeOf(binding: number): number {
    return this.#bindings[binding * RECORD + SCOPE]!;
  }

  /** Whether a binding has a condition. */
  isConditional(binding: number): boolean {
    return this.#bindings[binding * RECORD + WHEN] !== 0;
  }

  /** Whether a binding was given on joining. */
  isDefault(binding: number): boolean {
    return (this.#bindings[binding * RECORD + FLAGS]! & DEFAULT_FLAG) !== 0;
  }

  /** The level of a scope. */
  levelOf(scope: number): Level {
    if (scope === 0) return this.organization === "" ? Level.Platform : Level.Organization;
    return scope < this.#firstEnvironment ? Level.Workspace : Level.Environment;
  }

  bindingName(binding: number): string {
    const { pool, ends } = this.#bindingNames;
    return pool.toString("utf8", binding === 0 ? 0 : ends[binding - 1], ends[binding]);
  }

  /** How many scopes stand above a level: keys begin with the digit of their level, and rows are ordered by key. */
  #countAbove(level: Level): number {
    let row = 0;
    while (row < this.scopes.size && this.scopes.pool[this.scopes.start(row)]! < 48 + level) row++;
    return row;
  }
}

/** Turns columns into records, one for each row. */
function interleave(rows: number, columns: readonly (Uint32Array | Uint8Array)[]): Int32Array {
  const records = new Int32Array(rows * columns.length);
  for (const [field, column] of columns.entries()) {
    for (let row = 0; row < rows; row++) records[row * columns.length + field] = column[row]!;
  }
  return records;
}

function readIndexes(bytes: Uint8Array, rows: number, limit: number, name: string): Uint32Array {
  const column = readColumn(bytes, rows, name);
  requireBelow(column, limit, name);
  return column;
}

/** Requires that every scope but the first hangs under one before it, so that walking up ends at row 0. */
function requireTree(parents: Uint32Array): void {
  if (parents.length === 0) throw new SidegateError("SG2002", "scope_keys is empty");
  for (let row = 0; row < parents.length; row++) {
    if (parents[row]! >= Math.max(row, 1))
      throw new SidegateError("SG2002", `scope_parent of row ${row} is no earlier row`);
  }
}
