import { parse as parseYaml } from "yaml";
import { type Api, timestamp } from "./api.ts";
import { applyConflict, badRequest, invalidOptions, notFound, type StatusCause } from "./api-error.ts";
import { checkApplied } from "./check-applied.ts";
import { checkObject } from "./decode-body.ts";
import type { FieldSet } from "./field-set.ts";
import { isObject, type JsonObject } from "./json.ts";
import { type KubeObject, keyOf } from "./kube-object.ts";
import { blank, compareObjects, settle } from "./managed-fields.ts";
import {
  idOf,
  type Manager,
  type Owners,
  type Ownership,
  ownable,
  readOwners,
  writeOwners,
} from "./managers.ts";
import { mergeApplied, removeFields } from "./merge-applied.ts";
import { type ApiRequest, flag } from "./request.ts";
import { apiVersionOf, type ResourceType, type Subresource } from "./resource-type.ts";
import { type Shape, shapeOf } from "./shape.ts";
import { fieldsOf } from "./walk-fields.ts";
import { createObject, updateObject, type Written } from "./write.ts";
import { writeOptionsOf } from "./write-options.ts";

/**
 * Server-side apply: creates the object, or makes it agree with the configuration and drops what the manager no longer
 * names and nobody else owns. Throws 400, 404 for a subresource of nothing, 409 for fields of other managers, 422.
 */
export function applyObject(api: Api, request: ApiRequest): Written {
  const { type, namespace, query } = request;
  if (!query.get("fieldManager")) {
    const text = "Required value: is required for apply patch";
    throw invalidOptions("PatchOptions", "fieldManager", "FieldValueRequired", text);
  }
  const options = writeOptionsOf("PatchOptions", query, request.userAgent);
  const config = parseConfig(request);
  const subresource = request.subresource as Subresource;
  const manager: Manager = {
    name: options.manager,
    operation: "Apply",
    apiVersion: apiVersionOf(type),
    subresource,
  };
  const name = request.name as string;
  const applying = { type, config, manager, force: flag(query, "force"), time: timestamp(api) };
  if (api.store.get(type.storage, keyOf(namespace, name)) === undefined) {
    if (subresource !== undefined) throw notFound(type, name);
    const owners = own(applying, new Map());
    writeOwners(config, owners);
    return createObject(api, type, config, options, true);
  }
  const target = { type, namespace, name, subresource };
  return updateObject(api, target, options, (current) => ({
    object: applyTo(applying, current),
    tracked: true,
  }));
}

interface Applying {
  readonly type: ResourceType;
  readonly config: KubeObject;
  readonly manager: Manager;
  readonly force: boolean;
  readonly time: string;
}

function parseConfig(request: ApiRequest): KubeObject {
  let value: unknown;
  try {
    value = parseYaml(request.body.toString("utf8"));
  } catch (error) {
    throw badRequest(`error decoding YAML: ${(error as Error).message}`);
  }
  const { apiVersion = "/", kind = "" } = isObject(value) ? value : {};
  if (!isObject(value) || kind !== request.type.kind || apiVersion !== apiVersionOf(request.type)) {
    throw badRequest(`invalid object type: ${apiVersion}, Kind=${kind}`);
  }
  checkApplied(request.type, value);
  const config = checkObject(request, value);
  if (config.metadata.managedFields != null) throw badRequest("metadata.managedFields must be nil");
  return config;
}

/** What nobody has been recorded for belongs to a manager that stands for all earlier ones. */
function ownersBeforeFirstApply({ type, time }: Applying, current: KubeObject): Owners {
  const name = "before-first-apply";
  const manager: Manager = {
    name,
    operation: "Update",
    apiVersion: apiVersionOf(type),
    subresource: undefined,
  };
  const set = compareObjects(type, blank(type, current), current, undefined).added;
  return new Map([[idOf(manager), { manager, set, time }]]);
}

/** Gives the manager exactly what the configuration names. */
function own({ type, config, manager, time }: Applying, owners: Owners): Map<string, Ownership> {
  const set = ownable(fieldsOf(config, shapeOf(type.schema)), type, manager.subresource);
  return new Map(owners).set(idOf(manager), { manager, set, time });
}

function applyTo(applying: Applying, current: KubeObject): KubeObject {
  const { type, config, manager, force } = applying;
  const shape = shapeOf(type.schema);
  const before = readOwners(current) ?? ownersBeforeFirstApply(applying, current);
  const owners = own(applying, before);
  const merged = mergeApplied(current, config, shape) as KubeObject;
  const last = before.get(idOf(manager))?.set;
  const held = [fieldsOf(config, shape), ...[...owners.values()].map(({ set }) => set)];
  const object = last === undefined ? merged : (dropUnnamed(merged, shape, last, held) as KubeObject);
  const change = compareObjects(type, current, object, manager.subresource);
  if (!force) refuseConflicts(owners, change.added.union(change.modified), manager);
  writeOwners(object, settle(owners, change, manager));
  return object;
}

/**
 * Removes what the manager owned and does not name any more, unless someone else owns it. Done as in
 * structured-merge-diff, so that maps and lists that are left empty go, and items that nobody owns stay.
 */
function dropUnnamed(merged: JsonObject, shape: Shape, last: FieldSet, held: readonly FieldSet[]): unknown {
  const all = fieldsOf(merged, shape).withNamedFields(shape);
  const lastAll = last.withNamedFields(shape);
  const setOf = (value: unknown) => fieldsOf(value ?? {}, shape).withNamedFields(shape);
  let kept = setOf(removeFields(merged, shape, lastAll));
  for (const set of held) kept = kept.union(set.withNamedFields(shape));
  const stillOwned = setOf(removeFields(merged, shape, all.difference(kept)));
  return removeFields(merged, shape, all.difference(stillOwned).intersection(lastAll));
}

function refuseConflicts(owners: Owners, changed: FieldSet, by: Manager): void {
  const causes: StatusCause[] = [];
  const texts: string[] = [];
  for (const [id, { manager, set }] of owners) {
    if (id === idOf(by)) continue;
    const paths = [...set.intersection(changed).paths()];
    if (paths.length === 0) continue;
    const who = describe(manager);
    for (const field of paths) {
      causes.push({ reason: "FieldManagerConflict", message: `conflict with ${who}`, field });
    }
    texts.push(
      paths.length === 1
        ? `conflict with ${who}: ${paths[0]}`
        : `conflicts with ${who}:\n- ${paths.join("\n- ")}`,
    );
  }
  if (causes.length === 0) return;
  const head =
    causes.length === 1 ? "Apply failed with 1 conflict" : `Apply failed with ${causes.length} conflicts`;
  throw applyConflict(causes, `${head}: ${texts.join("\n")}`);
}

function describe({ name, operation, subresource, apiVersion }: Manager): string {
  const part = subresource === undefined ? "" : ` with subresource "${subresource}"`;
  return operation === "Apply" ? `"${name}"${part}` : `"${name}"${part} using ${apiVersion}`;
}
