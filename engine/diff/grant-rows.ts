import type { LoadedGrants } from "../policy/loaded-grants.ts";

/** Grants of a shard; undefined: the organization does not exist. */
export type Shard = LoadedGrants | undefined;

/**
 * The keys whose part in two shards is not the same: their grants, as text, their membership, or the meaning of a role that
 * they are given.
 *
 * @param roles the names of roles that do not mean the same
 */
export function touchedKeys(before: Shard, after: Shard, roles: ReadonlySet<string>): Set<string> {
  const touched = new Set<string>();
  const isSame = before === after;
  for (let row = 0; row < (before?.subjects.size ?? 0); row++) {
    const key = before!.subjects.text(row);
    const other = isSame ? row : (after?.subjects.findText(key) ?? -1);
    if (other < 0 || givesAny(before!, row, roles)) touched.add(key);
    else if (!isSame && rowsText(before!, row) !== rowsText(after!, other)) touched.add(key);
  }
  for (let row = 0; row < (after?.subjects.size ?? 0); row++) {
    const key = after!.subjects.text(row);
    if ((before?.subjects.findText(key) ?? -1) < 0 || givesAny(after!, row, roles)) touched.add(key);
  }
  return touched;
}

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

function givesAny(grants: LoadedGrants, subject: number, roles: ReadonlySet<string>): boolean {
  if (roles.size === 0) return false;
  for (let grant = grants.firstGrant(subject); grant < grants.endOfGrants(subject); grant++)
    if (roles.has(grants.roleName(grant))) return true;
  return false;
}

/** What decisions ask of a subject's rows, as a text; the names of bindings are not in it. */
function rowsText(grants: LoadedGrants, subject: number): string {
  const rows: string[] = [];
  for (let grant = grants.firstGrant(subject); grant < grants.endOfGrants(subject); grant++) {
    const { notBefore, expires } = grants.windowOf(grant);
    const scope = grants.scopes.text(grants.scopeOf(grant));
    const when = grants.conditionOf(grant)?.source ?? "";
    rows.push(
      `${grants.roleName(grant)}\n${scope}\n${notBefore}\n${expires}\n${grants.isDefault(grant)}\n${when}`,
    );
  }
  const member = grants.memberUntil(subject);
  if (member !== undefined) rows.push(`${member}\n${JSON.stringify(grants.memberAttributes(subject))}`);
  return [...new Set(rows)].sort().join("\n\n");
}
