import type { LoadedGrants } from "../policy/loaded-grants.ts";

/** Grants of a shard; undefined: the organization does not exist. */
export type Shard = LoadedGrants | undefined;

/**
 * The keys whose part in two shards is not the same: their grants, their membership, or the meaning of a role that they are
 * given. Pauses now and then.
 *
 * @param roles the names of roles that do not mean the same
 */
export function* touchedKeys(
  before: Shard,
  after: Shard,
  roles: ReadonlySet<string>,
): Generator<undefined, Set<string>> {
  const touched = new Set<string>();
  const [old, made] = [readerOf(before), before === after ? undefined : readerOf(after)];
  for (let row = 0; row < (old?.size ?? 0); row++) {
    if (row % BREATH === BREATH - 1) yield undefined;
    const key = old!.key(row);
    if (old!.givesAny(row, roles)) touched.add(key);
    else if (before !== after && !isSamePart(old!, row, made, made?.find(key) ?? -1)) touched.add(key);
  }
  for (let row = 0; row < (made?.size ?? 0); row++) {
    if (row % BREATH === BREATH - 1) yield undefined;
    const key = made!.key(row);
    if ((old?.find(key) ?? -1) < 0 || made!.givesAny(row, roles)) touched.add(key);
  }
  return touched;
}

/** Rows that are looked at without a pause. */
const BREATH = 512;

/** All keys that stand in either shard. */
export function keysOf(before: Shard, after: Shard): Set<string> {
  const keys = new Set<string>();
  for (const shard of [before, after])
    for (let row = 0; row < (shard?.subjects.size ?? 0); row++) keys.add(shard!.subjects.text(row));
  return keys;
}

/** Whether a key stands in either shard. */
export function hasKey(before: Shard, after: Shard, key: string): boolean {
  return (before?.subjects.findText(key) ?? -1) >= 0 || (after?.subjects.findText(key) ?? -1) >= 0;
}

function readerOf(shard: Shard): RowReader | undefined {
  return shard && new RowReader(shard);
}

/** Reads what decisions ask of the rows of a shard; the names of bindings are not among it. */
class RowReader {
  readonly #grants: LoadedGrants;
  readonly #scopes: readonly string[];

  constructor(grants: LoadedGrants) {
    this.#grants = grants;
    this.#scopes = Array.from({ length: grants.scopes.size }, (_, row) => grants.scopes.text(row));
  }

  get size(): number {
    return this.#grants.subjects.size;
  }

  key(row: number): string {
    return this.#grants.subjects.text(row);
  }

  find(key: string): number {
    return this.#grants.subjects.findText(key);
  }

  givesAny(subject: number, roles: ReadonlySet<string>): boolean {
    if (roles.size === 0) return false;
    const end = this.#grants.endOfGrants(subject);
    for (let grant = this.#grants.firstGrant(subject); grant < end; grant++)
      if (roles.has(this.#grants.roleName(grant))) return true;
    return false;
  }

  grants(subject: number): number[] {
    const first = this.#grants.firstGrant(subject);
    return Array.from({ length: this.#grants.endOfGrants(subject) - first }, (_, index) => first + index);
  }

  /** Whether two subjects have the same grants, one for one. */
  hasSameGrants(subject: number, other: RowReader, otherSubject: number): boolean {
    const [first, end] = [this.#grants.firstGrant(subject), this.#grants.endOfGrants(subject)];
    const shift = other.#grants.firstGrant(otherSubject) - first;
    if (other.#grants.endOfGrants(otherSubject) !== end + shift) return false;
    for (let grant = first; grant < end; grant++)
      if (!this.#isSameGrant(grant, other, grant + shift)) return false;
    return true;
  }

  #isSameGrant(grant: number, other: RowReader, otherGrant: number): boolean {
    const [grants, others] = [this.#grants, other.#grants];
    if (grants.roleName(grant) !== others.roleName(otherGrant)) return false;
    const [window, otherWindow] = [grants.windowOf(grant), others.windowOf(otherGrant)];
    return (
      this.#scopes[grants.scopeOf(grant)] === other.#scopes[others.scopeOf(otherGrant)] &&
      window.notBefore === otherWindow.notBefore &&
      window.expires === otherWindow.expires &&
      grants.isDefault(grant) === others.isDefault(otherGrant) &&
      grants.conditionOf(grant)?.source === others.conditionOf(otherGrant)?.source
    );
  }

  textOf(grant: number): string {
    const grants = this.#grants;
    const { notBefore, expires } = grants.windowOf(grant);
    const [scope, when] = [this.#scopes[grants.scopeOf(grant)], grants.conditionOf(grant)?.source ?? ""];
    return `${grants.roleName(grant)}\n${scope}\n${notBefore}\n${expires}\n${grants.isDefault(grant)}\n${when}`;
  }

  member(subject: number): string {
    const until = this.#grants.memberUntil(subject);
    return until === undefined ? "" : `${until} ${JSON.stringify(this.#grants.memberAttributes(subject))}`;
  }
}

function isSamePart(old: RowReader, row: number, made: RowReader | undefined, other: number): boolean {
  if (made === undefined || other < 0 || old.member(row) !== made.member(other)) return false;
  if (old.hasSameGrants(row, made, other)) return true;
  // Bindings that were renamed stand in another order, and what is given twice counts once.
  const texts = (reader: RowReader, grants: readonly number[]) =>
    [...new Set(grants.map((grant) => reader.textOf(grant)))].sort().join("\n\n");
  return texts(old, old.grants(row)) === texts(made, made.grants(other));
}
