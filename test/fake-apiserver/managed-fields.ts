import { type Api, timestamp } from "./api.ts";
import { FieldSet } from "./field-set.ts";
import { isObject, type JsonObject } from "./json.ts";
import type { KubeObject } from "./kube-object.ts";
import {
  idOf,
  type Manager,
  type Owners,
  type Ownership,
  ownable,
  readOwners,
  writeOwners,
} from "./managers.ts";
import { apiVersionOf, type ResourceType, type Subresource } from "./resource-type.ts";
import { shapeOf } from "./shape.ts";
import { type Comparison, compare } from "./walk-fields.ts";

/**
 * Records in `object.metadata.managedFields` who changed what by a create, update or patch. The managedFields that a
 * client sends count; without any, those of the stored object do.
 */
export function trackUpdate(
  api: Api,
  type: ResourceType,
  current: KubeObject | undefined,
  object: KubeObject,
  name: string,
  subresource: Subresource,
): void {
  const manager: Manager = { name, operation: "Update", apiVersion: apiVersionOf(type), subresource };
  const change = compareObjects(type, current ?? blank(type, object), object, subresource);
  const changed = change.added.union(change.modified);
  const owners = new Map(settle(sentOwners(current, object), change, manager));
  const previous = owners.get(idOf(manager));
  if (!changed.isEmpty) {
    const set = (previous?.set ?? FieldSet.empty).union(changed);
    owners.set(idOf(manager), { manager, set, time: timestamp(api) });
  }
  writeOwners(object, owners);
}

/** An object whose entries in managedFields have no times: two such are the same if nothing else changed. */
export function withoutTimes(object: KubeObject): KubeObject {
  const { managedFields, ...metadata } = object.metadata;
  if (managedFields === undefined) return object;
  const entries = managedFields.map(({ time: _, ...entry }) => entry);
  return { ...object, metadata: { ...metadata, entries } };
}

/** What changed between two objects, as far as a write by this door counts. */
export function compareObjects(
  type: ResourceType,
  before: JsonObject,
  after: KubeObject,
  subresource: Subresource,
): Comparison {
  const change = compare(before, after, shapeOf(type.schema));
  const filter = (set: FieldSet) => ownable(set, type, subresource);
  return { added: filter(change.added), removed: filter(change.removed), modified: filter(change.modified) };
}

/** Takes what was changed from all other managers, and what was removed from everyone. */
export function settle(owners: Owners, change: Comparison, by: Manager): Owners {
  const changed = change.added.union(change.modified);
  const settled = new Map<string, Ownership>();
  for (const [id, owner] of owners) {
    const kept = owner.set.difference(change.removed);
    settled.set(id, { ...owner, set: id === idOf(by) ? kept : kept.difference(changed) });
  }
  return settled;
}

function sentOwners(current: KubeObject | undefined, object: KubeObject): Owners {
  const sent: unknown = object.metadata.managedFields;
  // One empty entry asks to forget all owners.
  const forgets =
    Array.isArray(sent) && sent.length === 1 && isObject(sent[0]) && Object.keys(sent[0]).length === 0;
  if (forgets) return new Map();
  return readOwners(object) ?? readOwners(current) ?? new Map();
}

/** What a new object is compared with. Kinds that are built in always have their spec and status. */
export function blank(type: ResourceType, object: KubeObject): JsonObject {
  if (type.custom) return {};
  return { ...("spec" in object && { spec: {} }), ...("status" in object && { status: {} }) };
}
