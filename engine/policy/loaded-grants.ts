import type { GrantShard } from "../../proto/generated/shard.js";
import { DEFAULT_FLAG } from "../compile/shard-format.ts";
import type { Condition } from "../condition/condition.ts";
import type { StoredAttributes } from "../condition/condition-facts.ts";
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
import { LazyCondition } from "./lazy-condition.ts";
import type { LoadedModel } from "./loaded-model.ts";
import { readAttributeSets, StoredAttributeColumn } from "./stored-attributes.ts";
import { StringTable } from "./string-table.ts";

/** The role does not exist. */
export const NO_ROLE = -1;

// Fields of a grant's record; its scope stands first.
const ROLE = 1;
const WINDOW = 2;
const WHEN = 3;
const FLAGS = 4;
const BINDING = 5;
const GRANT = 6;

// About what objects take in memory besides their content, in bytes: all of a shard together, a string, a condition.
const OBJECTS = 4_500;
const TEXT = 32;
const CONDITION = 2_000;

// Fields of a subject's record; its first grant stands first.
const END = 1;
const MEMBER = 2;
const SUBJECT = 3;

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
  readonly #firstEnvironment: number;
  readonly #windows: Float64Array;
  // A record for each subject: its first grant, the end of its grants and its membership.
  readonly #subjects: Int32Array;
  // A record for each grant, in the order of subjects: what a decision asks of the binding that it comes from, so that the
  // grants of a subject are found side by side and nothing else needs to be looked at.
  readonly #grants: Int32Array;
  readonly #roleNames: readonly string[];
  readonly #bindingNames: { readonly pool: Buffer; readonly ends: Uint32Array };
  readonly #conditions: readonly LazyCondition[];
  readonly #types: readonly string[];
  readonly #scopeType: Uint32Array;
  readonly #scopeAttributes: StoredAttributeColumn;
  readonly #memberAttributes: StoredAttributeColumn;
  readonly #origins: { readonly generation: Uint32Array; readonly provenance: Uint32Array };
  readonly #provenances: readonly string[];
  readonly #objects: number;
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
    this.#conditions = readStrings(shard.conditions, "conditions").map((source) => new LazyCondition(source));
    const windows = this.#windows.length / 2;
    this.scopeParent = readIndexes(shard.scopeParent, this.scopes.size, this.scopes.size, "scope_parent");
    const subjects = this.subjects.size;
    const ends = readColumn(shard.subjectGrantEnds, subjects, "subject_grant_ends");
    requireAscending(ends, "subject_grant_ends");
    this.#subjects = interleave(subjects, [
      ends.map((_, row) => (row === 0 ? 0 : ends[row - 1]!)),
      ends,
      readIndexes(shard.subjectMember, subjects, windows + 1, "subject_member"),
    ]);
    const grantBinding = readFullColumn(shard.grantBinding, ends.at(-1) ?? 0, "grant_binding");
    requireBelow(grantBinding, bindings, "grant_binding");
    const ofBindings = [
      readIndexes(shard.bindingScope, bindings, this.scopes.size, "binding_scope"),
      readIndexes(shard.bindingRole, bindings, this.#roleNames.length, "binding_role"),
      readIndexes(shard.bindingWindow, bindings, windows, "binding_window"),
      readIndexes(shard.bindingWhen, bindings, this.#conditions.length + 1, "binding_when"),
      readBytes(shard.bindingFlags, bindings, "binding_flags"),
    ];
    const ofGrants = ofBindings.map((column) => grantBinding.map((binding) => column[binding]!));
    this.#grants = interleave(grantBinding.length, [...ofGrants, grantBinding]);
    requireTree(this.scopeParent);
    this.#types = readStrings(shard.types, "types");
    this.#scopeType = readIndexes(shard.scopeType, this.scopes.size, this.#types.length + 1, "scope_type");
    const sets = readAttributeSets(shard.attributeSets);
    this.#scopeAttributes = new StoredAttributeColumn(
      shard.scopeAttributes,
      this.scopes.size,
      sets,
      "scope_attributes",
    );
    this.#memberAttributes = new StoredAttributeColumn(
      shard.memberAttributes,
      subjects,
      sets,
      "member_attributes",
    );
    this.#provenances = readStrings(shard.provenances, "provenances");
    const provenances = this.#provenances.length + 1;
    this.#origins = {
      generation: readColumn(shard.bindingGeneration, bindings, "binding_generation"),
      provenance: readIndexes(shard.bindingProvenance, bindings, provenances, "binding_provenance"),
    };
    this.#objects =
      OBJECTS + textBytes(this.#roleNames) + textBytes(this.#types) + textBytes(this.#provenances);
    for (const { keys, values } of shard.attributeSets) this.#objects += textBytes(keys) + textBytes(values);
    this.#objects += this.#conditions.length * CONDITION;
    this.authenticated = this.subjects.findText(SubjectDigit.Group + AUTHENTICATED);
    this.#firstEnvironment = this.#countAbove(Level.Environment);
  }

  /** About what it takes in memory. */
  get bytes(): number {
    const columns = [
      ...[this.scopes, this.subjects, this.scopeParent, this.#subjects, this.#grants, this.#windows],
      ...[this.#bindingNames.pool, this.#bindingNames.ends, this.#scopeType, this.#scopeAttributes],
      ...[this.#memberAttributes, this.#origins.generation, this.#origins.provenance],
    ];
    return columns.reduce((sum, column) => sum + bytesOf(column), this.#objects);
  }

  /** The role of a grant as a row of the model, or NO_ROLE. */
  roleOf(grant: number, model: LoadedModel): number {
    if (this.#model !== model) {
      this.#roleRows = Int32Array.from(this.#roleNames, (name) => model.roleRows.get(name) ?? NO_ROLE);
      this.#model = model;
    }
    return this.#roleRows[this.#grants[grant * GRANT + ROLE]!]!;
  }

  roleName(grant: number): string {
    return this.#roleNames[this.#grants[grant * GRANT + ROLE]!]!;
  }

  /** Whether the window of a grant holds. @param now milliseconds since 1970 */
  isInForce(grant: number, now: number): boolean {
    const window = this.#grants[grant * GRANT + WINDOW]!;
    return window === 0 || (this.#windows[window * 2]! <= now && now < this.#windows[window * 2 + 1]!);
  }

  /** Whether a subject (a row, or -1) is a member. @param now milliseconds since 1970 */
  isMember(subject: number, now: number): boolean {
    const member = subject < 0 ? 0 : this.#subjects[subject * SUBJECT + MEMBER]!;
    return member !== 0 && now < this.#windows[(member - 1) * 2 + 1]!;
  }

  /** The first grant of a subject; grants are ordered by scope. */
  firstGrant(subject: number): number {
    return this.#subjects[subject * SUBJECT]!;
  }

  /** One more than the last grant of a subject. */
  endOfGrants(subject: number): number {
    return this.#subjects[subject * SUBJECT + END]!;
  }

  /** The scope that the binding of a grant names. */
  scopeOf(grant: number): number {
    return this.#grants[grant * GRANT]!;
  }

  /** Whether the binding of a grant has a condition. */
  isConditional(grant: number): boolean {
    return this.#grants[grant * GRANT + WHEN] !== 0;
  }

  /** The condition of the binding of a grant. */
  conditionOf(grant: number): Condition | undefined {
    return this.#conditions[this.#grants[grant * GRANT + WHEN]! - 1];
  }

  /** The start and end of the window of a grant, in milliseconds since 1970. */
  windowOf(grant: number): { readonly notBefore: number; readonly expires: number } {
    const window = this.#grants[grant * GRANT + WINDOW]! * 2;
    return { notBefore: this.#windows[window]!, expires: this.#windows[window + 1]! };
  }

  /** When the membership of a subject (a row) ends, in milliseconds since 1970; undefined: it has none. */
  memberUntil(subject: number): number | undefined {
    const member = subject < 0 ? 0 : this.#subjects[subject * SUBJECT + MEMBER]!;
    return member === 0 ? undefined : this.#windows[(member - 1) * 2 + 1]!;
  }

  /** The stored attributes of the membership of a subject (a row, or -1). */
  memberAttributes(subject: number): StoredAttributes {
    return this.#memberAttributes.at(subject);
  }

  /** The stored attributes of a scope. */
  scopeAttributes(scope: number): StoredAttributes {
    return this.#scopeAttributes.at(scope);
  }

  /** The type of a scope, or undefined. */
  scopeType(scope: number): string | undefined {
    return this.#types[this.#scopeType[scope]! - 1];
  }

  /** The generation of the binding of a grant, and where it came from; 0 and empty: not known. */
  originOf(grant: number): { readonly generation: number; readonly provenance: string } {
    const binding = this.#grants[grant * GRANT + BINDING]!;
    return {
      generation: this.#origins.generation[binding]!,
      provenance: this.#provenances[this.#origins.provenance[binding]! - 1] ?? "",
    };
  }

  /** Whether the binding of a grant was given on joining. */
  isDefault(grant: number): boolean {
    return (this.#grants[grant * GRANT + FLAGS]! & DEFAULT_FLAG) !== 0;
  }

  /** The level of a scope. */
  levelOf(scope: number): Level {
    if (scope === 0) return this.organization === "" ? Level.Platform : Level.Organization;
    return scope < this.#firstEnvironment ? Level.Workspace : Level.Environment;
  }

  /** The name of the binding that a grant comes from. */
  bindingName(grant: number): string {
    const { pool, ends } = this.#bindingNames;
    const binding = this.#grants[grant * GRANT + BINDING]!;
    return pool.toString("utf8", binding === 0 ? 0 : ends[binding - 1], ends[binding]);
  }

  /** How many scopes stand above a level: keys begin with the digit of their level, and rows are ordered by key. */
  #countAbove(level: Level): number {
    let row = 0;
    while (row < this.scopes.size && this.scopes.pool[this.scopes.start(row)]! < 48 + level) row++;
    return row;
  }
}

function bytesOf(column: { readonly byteLength: number } | { readonly bytes: number }): number {
  return "bytes" in column ? column.bytes : column.byteLength;
}

/** Strings that are objects of their own. */
function textBytes(texts: readonly string[]): number {
  return texts.reduce((sum, text) => sum + text.length + TEXT, 0);
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
