import type { GrantShard } from "../../proto/generated/shard.js";
import { Level } from "../model/scope.ts";
import { readBytes, readColumn } from "../policy/columns.ts";
import type { BindingRow } from "./binding-row.ts";
import { type EditedRows, editColumn, editDictionary } from "./edit-column.ts";
import { GONE, StringRows } from "./edit-strings.ts";
import type { EditedWindows } from "./edit-windows.ts";
import { columnBytes } from "./string-column.ts";

/** A binding that a shard has now, with the row of its scope. */
export interface PutBinding extends BindingRow {
  readonly scopeRow: number;
}

/** The bindings of a shard after a change of some. */
export interface EditedBindings extends EditedRows<PutBinding> {
  readonly names: { readonly pool: Uint8Array; readonly ends: Uint8Array };
}

/** The strings of a shard that bindings bring along. */
export interface BindingTables {
  readonly scopes: StringRows;
  readonly names: StringRows;
  readonly roles: StringRows;
  readonly conditions: StringRows;
  readonly provenances: StringRows;
}

/** @throws SidegateError SG2002 */
export function readBindingTables(shard: GrantShard): BindingTables {
  return {
    scopes: new StringRows(shard.scopeKeys, "scope_keys"),
    names: new StringRows(shard.bindingNames, "binding_names"),
    roles: new StringRows(shard.roleNames, "role_names"),
    conditions: new StringRows(shard.conditions, "conditions"),
    provenances: new StringRows(shard.provenances, "provenances"),
  };
}

/**
 * Takes bindings out of a shard and puts others in.
 *
 * @param organization as the shard says; empty: Platform, which has one scope however it is named
 * @param changed by name; undefined, or with a scope that the shard lacks: there is none any more
 */
export function editBindings(
  organization: string,
  { names, scopes }: BindingTables,
  changed: ReadonlyMap<string, BindingRow | undefined>,
): EditedBindings {
  const present: PutBinding[] = [];
  const touched = new Set<number>();
  for (const [name, binding] of changed) {
    touched.add(names.find(name));
    if (binding === undefined) continue;
    const scopeRow = organization === "" ? platformRow(binding) : scopes.find(binding.scope);
    if (scopeRow >= 0) present.push({ ...binding, scopeRow });
  }
  const edited = names.edit(
    (row) => !touched.has(row),
    present.map(({ name }) => name),
  );
  const carried = edited.moved.map((now, row) => (touched.has(row) ? GONE : now));
  const put = present.map((binding) => [edited.added.get(binding.name)!, binding] as const);
  return { size: edited.size, carried, put, names: edited.encoded };
}

function platformRow({ scope }: BindingRow): number {
  return scope.startsWith(String(Level.Platform)) ? 0 : -1;
}

/** The columns of bindings that were edited, and the scope of each. */
export function bindingColumns(
  shard: GrantShard,
  tables: BindingTables,
  rows: EditedBindings,
  windows: EditedWindows,
) {
  const old = (bytes: Uint8Array, name: string) => readColumn(bytes, rows.carried.length, name);
  const same = (value: number) => value;
  const scope = editColumn(old(shard.bindingScope, "binding_scope"), rows, same, (row) => row.scopeRow);
  const role = editDictionary(
    tables.roles,
    old(shard.bindingRole, "binding_role"),
    0,
    rows,
    (row) => row.role,
  );
  const when = editDictionary(
    tables.conditions,
    old(shard.bindingWhen, "binding_when"),
    1,
    rows,
    (row) => row.when,
  );
  const provenance = editDictionary(
    tables.provenances,
    old(shard.bindingProvenance, "binding_provenance"),
    1,
    rows,
    (row) => row.provenance || undefined,
  );
  const window = editColumn(
    old(shard.bindingWindow, "binding_window"),
    rows,
    (value) => windows.moved[value]!,
    (row) => windows.row(row.window),
  );
  const flags = editColumn(
    readBytes(shard.bindingFlags, rows.carried.length, "binding_flags"),
    rows,
    same,
    (row) => row.flags,
  );
  const generation = editColumn(
    old(shard.bindingGeneration, "binding_generation"),
    rows,
    same,
    (row) => row.generation,
  );
  const columns = {
    bindingNames: rows.names,
    roleNames: role.encoded,
    bindingRole: role.column,
    bindingScope: columnBytes(scope),
    bindingWindow: columnBytes(window),
    bindingWhen: when.column,
    bindingFlags: columnBytes(Uint8Array.from(flags)),
    conditions: when.encoded,
    bindingGeneration: columnBytes(generation),
    bindingProvenance: provenance.column,
    provenances: provenance.encoded,
  };
  return { scope, columns };
}
