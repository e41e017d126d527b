import { FieldSet } from "./field-set.ts";
import { isObject } from "./json.ts";
import type { KubeObject, ManagedFieldsEntry } from "./kube-object.ts";
import type { ResourceType, Subresource } from "./resource-type.ts";

/** One manager of fields: a name with an operation, an API version and a subresource is another manager. */
export interface Manager {
  readonly name: string;
  readonly operation: "Apply" | "Update";
  readonly apiVersion: string;
  readonly subresource: Subresource;
}

export interface Ownership {
  readonly manager: Manager;
  readonly set: FieldSet;
  readonly time: string;
}

/** Who owns what, by manager. */
export type Owners = ReadonlyMap<string, Ownership>;

export function idOf({ name, operation, apiVersion, subresource }: Manager): string {
  return JSON.stringify([operation, name, apiVersion, subresource ?? ""]);
}

/** Reads metadata.managedFields; undefined when there are none or they can not be read. */
export function readOwners(object: KubeObject | undefined): Owners | undefined {
  const entries: unknown = object?.metadata.managedFields;
  if (!Array.isArray(entries) || entries.length === 0) return undefined;
  const owners = new Map<string, Ownership>();
  for (const entry of entries as Partial<ManagedFieldsEntry>[]) {
    if (!isObject(entry) || !isObject(entry.fieldsV1)) return undefined;
    const manager: Manager = {
      name: entry.manager ?? "",
      operation: entry.operation ?? "Update",
      apiVersion: entry.apiVersion ?? "",
      subresource: entry.subresource as Subresource,
    };
    owners.set(idOf(manager), { manager, set: FieldSet.decode(entry.fieldsV1), time: entry.time ?? "" });
  }
  return owners;
}

/** Writes metadata.managedFields: applies first, then by time and name; managers of nothing are left out. */
export function writeOwners(object: KubeObject, owners: Owners): void {
  const entries = [...owners.values()].filter(({ set }) => !set.isEmpty).map(entryOf);
  const sortKey = (entry: ManagedFieldsEntry) =>
    [entry.operation, entry.time, entry.manager, entry.apiVersion, entry.subresource ?? ""].join("\0");
  entries.sort((a, b) => (sortKey(a) < sortKey(b) ? -1 : 1));
  if (entries.length === 0) delete object.metadata.managedFields;
  else object.metadata.managedFields = entries;
}

function entryOf({ manager, set, time }: Ownership): ManagedFieldsEntry {
  const { name, operation, apiVersion, subresource } = manager;
  return {
    apiVersion,
    fieldsType: "FieldsV1",
    fieldsV1: set.encode(),
    manager: name,
    operation,
    ...(subresource !== undefined && { subresource }),
    time,
  };
}

const systemFields: ReadonlySet<string> = new Set([
  "f:name",
  "f:namespace",
  "f:creationTimestamp",
  "f:selfLink",
  "f:uid",
  "f:generation",
  "f:managedFields",
  "f:resourceVersion",
]);

/** Without the fields that nobody owns, and those that this door does not change. */
export function ownable(set: FieldSet, type: ResourceType, subresource: Subresource): FieldSet {
  const other = subresource === "status" ? "f:spec" : "f:status";
  const dropped = ["f:apiVersion", "f:kind", ...(type.hasStatus ? [other] : [])];
  const kept = [...set.children].filter(([element]) => !dropped.includes(element));
  return FieldSet.of(
    false,
    kept.map(
      ([element, child]) => [element, element === "f:metadata" ? ownableMetadata(child) : child] as const,
    ),
  );
}

function ownableMetadata(set: FieldSet): FieldSet {
  return FieldSet.of(
    false,
    [...set.children].filter(([element]) => !systemFields.has(element)),
  );
}
