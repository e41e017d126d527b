import type { GrantShard } from "../../proto/generated/shard.js";
import type { Condition } from "../condition/condition.ts";
import type { StoredAttributes } from "../condition/condition-facts.ts";
import { Level } from "../model/scope.ts";
import { readColumn, readEnds, readFloats, readIndexes, readStrings } from "./columns.ts";
import {
  AUTHENTICATED_ROW,
  CONDITION,
  END,
  FIRST_ENVIRONMENT,
  GRANT,
  GRANTS,
  MEMBER,
  PARENTS,
  ROLE,
  ROLES,
  ROOT_LEVEL,
  SCOPE_KEYS,
  SCOPE_MASK,
  SUBJECT,
  SUBJECT_KEYS,
  SUBJECT_MASK,
  SUBJECTS,
  SUSPENDED,
  WINDOW,
} from "./grant-layout.ts";
import { LazyCondition } from "./lazy-condition.ts";
import type { LoadedModel } from "./loaded-model.ts";
import { packGrants } from "./pack-grants.ts";
import { readAttributeSets, StoredAttributeColumn } from "./stored-attributes.ts";
import { findString, type StringTable } from "./string-table.ts";

/** The role does not exist. */
export const NO_ROLE = -1;

/** The window of what neither begins nor ends. */
const ALWAYS = 0;

// About what objects take in memory besides their content, in bytes: all of a shard together, a string, a condition.
const OBJECTS = 3_200;
const TEXT = 32;
const COMPILED = 2_000;

/**
 * The scopes, members and grants of one organization, or the grants at Platform, as typed arrays. Rows are those of
 * GrantShard in shard.proto; every index in a column has been checked against its table.
 *
 * What a plain decision asks stands in `#words` (grant-layout.ts), and what leads there first in the object.
 */
export class LoadedGrants {
  readonly #words: Int32Array;
  // The model whose rows of roles stand in `#words`: looked up once per model, on first use after a swap.
  #model: LoadedModel | undefined;
  /** Empty: Platform. */
  readonly organization: string;
  readonly #windows: Float64Array;
  readonly #conditions: readonly LazyCondition[];
  readonly scopes: StringTable;
  readonly subjects: StringTable;
  readonly #roleNames: readonly string[];
  // By grant.
  readonly #bindings: Uint32Array;
  readonly #bindingNames: { readonly pool: Buffer; readonly ends: Uint32Array };
  readonly #types: readonly string[];
  readonly #scopeType: Uint32Array;
  readonly #scopeAttributes: StoredAttributeColumn;
  readonly #memberAttributes: StoredAttributeColumn;
  readonly #origins: { readonly generation: Uint32Array; readonly provenance: Uint32Array };
  readonly #provenances: readonly string[];
  readonly #objects: number;

  constructor(shard: GrantShard) {
    this.organization = shard.organization;
    this.#roleNames = readStrings(shard.roleNames, "role_names");
    const bindingEnds = readEnds(shard.bindingNames, "binding_names");
    this.#bindingNames = { pool: Buffer.from(shard.bindingNames?.pool ?? []), ends: bindingEnds };
    this.#windows = readFloats(shard.windows, "windows");
    const bindings = bindingEnds.length;
    this.#conditions = readStrings(shard.conditions, "conditions").map((source) => new LazyCondition(source));
    const windows = this.#windows.length / 2;
    const sizes = { roles: this.#roleNames.length, windows, conditions: this.#conditions.length, bindings };
    const packed = packGrants(shard, sizes);
    this.#words = packed.words;
    this.scopes = packed.scopes;
    this.subjects = packed.subjects;
    this.#bindings = packed.bindings;
    const scopes = this.scopes.size;
    const subjects = this.subjects.size;
    this.#types = readStrings(shard.types, "types");
    this.#scopeType = readIndexes(shard.scopeType, scopes, this.#types.length + 1, "scope_type");
    const sets = readAttributeSets(shard.attributeSets);
    this.#scopeAttributes = new StoredAttributeColumn(
      shard.scopeAttributes,
      scopes,
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
    this.#objects += this.#conditions.length * COMPILED;
  }

  /** About what it takes in memory. */
  get bytes(): number {
    const columns = [
      ...[this.#words, this.#windows, this.#bindings, this.#bindingNames.pool, this.#bindingNames.ends],
      ...[this.#scopeType, this.#scopeAttributes, this.#memberAttributes],
      ...[this.#origins.generation, this.#origins.provenance],
    ];
    return columns.reduce((sum, column) => sum + bytesOf(column), this.#objects);
  }

  get suspended(): boolean {
    return this.#words[SUSPENDED] !== 0;
  }

  /** The row of `system:authenticated`, which every subject is in, or -1. */
  get authenticated(): number {
    return this.#words[AUTHENTICATED_ROW]!;
  }

  /** The row of the scope with this key, or -1. */
  findScope(bytes: Uint8Array, start: number, end: number, hash: number): number {
    const words = this.#words;
    return findString(words, words[SCOPE_KEYS]!, words[SCOPE_MASK]!, bytes, start, end, hash);
  }

  /** The row of the subject with this key, or -1. */
  findSubject(bytes: Uint8Array, start: number, end: number, hash: number): number {
    const words = this.#words;
    return findString(words, words[SUBJECT_KEYS]!, words[SUBJECT_MASK]!, bytes, start, end, hash);
  }

  /** The scope that a scope hangs under; row 0 hangs under itself. */
  parentOf(scope: number): number {
    return this.#words[this.#words[PARENTS]! + scope]!;
  }

  /** The role of a grant as a row of the model, or NO_ROLE. */
  roleOf(grant: number, model: LoadedModel): number {
    if (this.#model !== model) this.#findRoles(model);
    return this.#words[ROLES + this.#ofGrant(grant, ROLE)]!;
  }

  roleName(grant: number): string {
    return this.#roleNames[this.#ofGrant(grant, ROLE)]!;
  }

  /** Whether the window of a grant holds. @param now milliseconds since 1970 */
  isInForce(grant: number, now: number): boolean {
    const window = this.#ofGrant(grant, WINDOW);
    return window === ALWAYS || (this.#windows[window * 2]! <= now && now < this.#windows[window * 2 + 1]!);
  }

  /** Whether a subject (a row, or -1) is a member. @param now milliseconds since 1970 */
  isMember(subject: number, now: number): boolean {
    const member = this.#memberOf(subject);
    return member !== 0 && (member === ALWAYS + 1 || now < this.#windows[(member - 1) * 2 + 1]!);
  }

  /** The first grant of a subject; grants are ordered by scope. */
  firstGrant(subject: number): number {
    return this.#ofSubject(subject, 0);
  }

  /** One more than the last grant of a subject. */
  endOfGrants(subject: number): number {
    return this.#ofSubject(subject, END);
  }

  /** The scope that the binding of a grant names. */
  scopeOf(grant: number): number {
    return this.#ofGrant(grant, 0);
  }

  /** Whether the binding of a grant has a condition. */
  isConditional(grant: number): boolean {
    return this.#ofGrant(grant, CONDITION) > 1;
  }

  /** The condition of the binding of a grant. */
  conditionOf(grant: number): Condition | undefined {
    return this.#conditions[(this.#ofGrant(grant, CONDITION) >>> 1) - 1];
  }

  /** The start and end of the window of a grant, in milliseconds since 1970. */
  windowOf(grant: number): { readonly notBefore: number; readonly expires: number } {
    const window = this.#ofGrant(grant, WINDOW) * 2;
    return { notBefore: this.#windows[window]!, expires: this.#windows[window + 1]! };
  }

  /** When the membership of a subject (a row, or -1) ends, in milliseconds since 1970; undefined: it has none. */
  memberUntil(subject: number): number | undefined {
    const member = this.#memberOf(subject);
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
    const binding = this.#bindings[grant]!;
    return {
      generation: this.#origins.generation[binding]!,
      provenance: this.#provenances[this.#origins.provenance[binding]! - 1] ?? "",
    };
  }

  /** Whether the binding of a grant was given on joining. */
  isDefault(grant: number): boolean {
    return (this.#ofGrant(grant, CONDITION) & 1) !== 0;
  }

  /** The level of a scope. */
  levelOf(scope: number): Level {
    if (scope === 0) return this.#words[ROOT_LEVEL]! as Level;
    return scope < this.#words[FIRST_ENVIRONMENT]! ? Level.Workspace : Level.Environment;
  }

  /** The name of the binding that a grant comes from. */
  bindingName(grant: number): string {
    const { pool, ends } = this.#bindingNames;
    const binding = this.#bindings[grant]!;
    return pool.toString("utf8", binding === 0 ? 0 : ends[binding - 1], ends[binding]);
  }

  #ofSubject(subject: number, field: number): number {
    const words = this.#words;
    return words[words[SUBJECTS]! + subject * SUBJECT + field]!;
  }

  #ofGrant(grant: number, field: number): number {
    const words = this.#words;
    return words[words[GRANTS]! + grant * GRANT + field]!;
  }

  /** The membership of a subject (a row, or -1): 0, or 1 plus its window. */
  #memberOf(subject: number): number {
    return subject < 0 ? 0 : this.#ofSubject(subject, MEMBER);
  }

  #findRoles(model: LoadedModel): void {
    for (const [role, name] of this.#roleNames.entries())
      this.#words[ROLES + role] = model.roleRows.get(name) ?? NO_ROLE;
    this.#model = model;
  }
}

function bytesOf(column: { readonly byteLength: number } | { readonly bytes: number }): number {
  return "bytes" in column ? column.bytes : column.byteLength;
}

/** Strings that are objects of their own. */
function textBytes(texts: readonly string[]): number {
  return texts.reduce((sum, text) => sum + text.length + TEXT, 0);
}
