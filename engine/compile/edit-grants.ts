import type { GrantShard } from "../../proto/generated/shard.js";
import type { Membership } from "../model/objects.generated.ts";
import { readColumn } from "../policy/columns.ts";
import { isEmpty } from "./attributes.ts";
import type { BindingRow } from "./binding-row.ts";
import { bindingColumns, type EditedBindings, editBindings, readBindingTables } from "./edit-bindings.ts";
import { usedValues } from "./edit-column.ts";
import { StringRows } from "./edit-strings.ts";
import { type EditedMembers, editMembers, subjectColumns } from "./edit-subjects.ts";
import { editWindows } from "./edit-windows.ts";

/** What is not as it was when a shard of grants was compiled. Everything else is. */
export interface GrantChanges {
  /** By name; undefined: there is none of that name any more, or none in a scope of the shard. */
  readonly bindings: ReadonlyMap<string, BindingRow | undefined>;
  /** The Membership that counts, by the key of its subject; undefined: there is none any more. */
  readonly members: ReadonlyMap<string, Membership | undefined>;
}

/**
 * Makes the body of a shard of grants anew from what it was and what changed since: to the byte what compiling all of it gives,
 * without reading, sorting and interning what did not change. That leaves columns to be copied, and a few searches for each
 * change.
 *
 * @returns undefined where the shard does not tell enough: strings that were no well-formed text are ordered by what they were,
 * and of the attributes of members it is not known who else has them
 * @throws SidegateError SG2002 for a shard that can not be read
 */
export function editGrants(shard: GrantShard, changes: GrantChanges) {
  const tables = readBindingTables(shard);
  const subjects = new StringRows(shard.subjectKeys, "subject_keys");
  if ([...Object.values(tables), subjects].some((strings) => strings.mayBeMalformed)) return undefined;
  if (!isWellFormed(changes) || !isWithoutAttributes(shard, changes)) return undefined;
  const bindings = editBindings(shard.organization, tables, changes.bindings);
  const members = editMembers(shard, subjects, changes.members);
  const windows = editWindowsOf(shard, bindings, members);
  const { scope, columns } = bindingColumns(shard, tables, bindings, windows);
  return {
    ...shard,
    ...columns,
    windows: windows.encoded,
    ...subjectColumns(shard, subjects, { bindings, scope, members, windows }),
  };
}

function isWellFormed({ bindings, members }: GrantChanges): boolean {
  const isText = (text: string | undefined) => text === undefined || text.isWellFormed();
  for (const binding of bindings.values()) {
    if (binding === undefined) continue;
    const { name, role, when, provenance, subjects } = binding;
    if (![name, role, when, provenance, ...subjects].every(isText)) return false;
  }
  return [...members.keys()].every(isText);
}

function isWithoutAttributes({ attributeSets }: GrantShard, { members }: GrantChanges): boolean {
  if (members.size === 0) return true;
  return (
    attributeSets.length === 0 && [...members.values()].every((member) => isEmpty(member?.spec.attributes))
  );
}

function editWindowsOf(shard: GrantShard, bindings: EditedBindings, { kept, put }: EditedMembers) {
  const column = readColumn(shard.bindingWindow, bindings.carried.length, "binding_window");
  const used = usedValues(column, bindings.carried, shard.windows.length / 16);
  for (const member of kept) if (member !== 0) used[member - 1] = 1;
  return editWindows(shard.windows, used, [...bindings.put.map(([, { window }]) => window), ...put.values()]);
}
