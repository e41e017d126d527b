import { type Api, load, save, timestamp } from "./api.ts";
import { ApiError, alreadyExists, failure, invalid, notFound, staleObject } from "./api-error.ts";
import { asStored } from "./event-spelling.ts";
import { clone, equal, isObject } from "./json.ts";
import { type KubeObject, keyOf } from "./kube-object.ts";
import { trackUpdate, withoutTimes } from "./managed-fields.ts";
import { checkNamespace, isNamespaceType, prepareNamespace } from "./namespaces.ts";
import { prepareUpdate } from "./prepare-update.ts";
import type { ResourceType, Subresource } from "./resource-type.ts";
import { settleFields } from "./settle-fields.ts";
import { cause, validateMetadata, validateMetadataUpdate } from "./validate-metadata.ts";
import type { WriteOptions } from "./write-options.ts";

/** The stored object and what the client should be warned of. */
export interface Written {
  readonly object: KubeObject;
  readonly warnings: readonly string[];
  readonly created: boolean;
}

/** Which object an update is for. */
export interface Target {
  readonly type: ResourceType;
  readonly namespace: string | undefined;
  readonly name: string;
  readonly subresource: Subresource;
}

/**
 * Makes the next state from the present one (a copy of its own, which may be changed). It may also settle
 * managedFields itself, as server-side apply does, and says so.
 */
export type Change = (current: KubeObject) => { object: KubeObject; tracked?: boolean };

/** Stores a new object. Throws 404 and 403 for its namespace, 409, 422, and 400 for unknown fields in strict mode. */
export function createObject(
  api: Api,
  type: ResourceType,
  body: KubeObject,
  options: WriteOptions,
  tracked = false,
): Written {
  if (body.metadata.resourceVersion) {
    throw new ApiError(failure(500, "", "resourceVersion should not be set on objects to be created"));
  }
  const warnings = settleFields(type, body, options);
  const meta = body.metadata;
  if (!meta.name && meta.generateName) meta.name = `${meta.generateName.slice(0, 58)}${api.newSuffix()}`;
  checkNamespace(api, type, body);
  delete meta.deletionTimestamp;
  delete meta.selfLink;
  delete meta.deletionGracePeriodSeconds;
  if (!tracked) trackUpdate(api, type, undefined, body, options.manager, undefined);
  if (type.custom && type.hasStatus) delete body.status;
  if (type.custom) meta.generation = 1;
  meta.uid = api.newUid();
  meta.creationTimestamp = timestamp(api);
  if (isNamespaceType(type)) prepareNamespace(body);
  check(api, type, body, undefined);
  const key = keyOf(meta.namespace, meta.name);
  if (api.store.get(type.storage, key) !== undefined) throw alreadyExists(type, meta.name);
  return {
    object: options.dryRun ? body : save(api, type, key, body),
    warnings,
    created: true,
  };
}

/** Changes an object or one of its subresources. Throws 404, 409 for a stale resourceVersion, 422, 400. */
export function updateObject(api: Api, target: Target, options: WriteOptions, change: Change): Written {
  const { type, namespace, name, subresource } = target;
  const key = keyOf(namespace, name);
  const current = load(api, type, key);
  if (current === undefined) throw notFound(type, name);
  const { object: wanted, tracked = false } = change(clone(current));
  const warnings = settleFields(type, wanted, options);
  if (!tracked) trackUpdate(api, type, current, wanted, options.manager, subresource);
  checkVersion(type, wanted, current);
  const object = prepareUpdate(type, wanted, current, subresource);
  check(api, type, object, current);
  if (options.dryRun) return { object, warnings, created: false };
  if (isFinished(object)) {
    api.store.delete(type.storage, key, asStored(type, object));
    return { object, warnings, created: false };
  }
  if (equal(withoutTimes(object), withoutTimes(current)))
    return { object: current, warnings, created: false };
  return { object: save(api, type, key, object), warnings, created: false };
}

/** Whether nothing holds back an object that is being deleted. */
export function isFinished(object: KubeObject): boolean {
  const spec = isObject(object.spec) ? object.spec : {};
  const holders = object.kind === "Namespace" && Array.isArray(spec.finalizers) ? spec.finalizers.length : 0;
  return (
    object.metadata.deletionTimestamp !== undefined && !object.metadata.finalizers?.length && holders === 0
  );
}

function checkVersion(type: ResourceType, wanted: KubeObject, current: KubeObject): void {
  const version = wanted.metadata.resourceVersion;
  if (!version) {
    if (type.unconditionalUpdate) return;
    throw invalid(type.group, type.plural, current.metadata.name, [
      cause(
        "FieldValueInvalid",
        "metadata.resourceVersion",
        "Invalid value: 0: must be specified for an update",
      ),
    ]);
  }
  if (version !== current.metadata.resourceVersion) throw staleObject(type, current.metadata.name);
}

function check(api: Api, type: ResourceType, object: KubeObject, current: KubeObject | undefined): void {
  const causes = [
    ...(current === undefined ? [] : validateMetadataUpdate(object.metadata, current)),
    ...validateMetadata(type, object.metadata),
    ...api.validate(type, object, current),
  ];
  if (causes.length > 0) {
    // Both spellings of an Event are one kind to the server.
    throw invalid(type.kind === "Event" ? "" : type.group, type.kind, object.metadata.name ?? "", causes);
  }
}
