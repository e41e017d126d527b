import { type Api, load, save, timestamp } from "./api.ts";
import { ApiError, failure, invalidOptions, notFound, preconditionFailed } from "./api-error.ts";
import { asStored } from "./event-spelling.ts";
import { clone, isObject } from "./json.ts";
import { type KubeObject, keyOf } from "./kube-object.ts";
import { isNamespaceType } from "./namespaces.ts";
import type { ResourceType } from "./resource-type.ts";
import { isFinished } from "./write.ts";
import { isDryRun } from "./write-options.ts";

type Propagation = "Background" | "Foreground" | "Orphan";

export interface DeleteOptions {
  readonly uid?: string;
  readonly resourceVersion?: string;
  readonly propagation: Propagation;
  readonly dryRun: boolean;
}

/** What became of the object: gone, or kept back by finalizers. */
export interface Deleted {
  readonly object: KubeObject;
  readonly gone: boolean;
}

const propagations: readonly unknown[] = ["Background", "Foreground", "Orphan"] satisfies Propagation[];

/** Reads DeleteOptions from the body and the query; the body wins. Throws 400, 422. */
export function deleteOptionsOf(body: Buffer, query: URLSearchParams): DeleteOptions {
  let given: unknown = {};
  try {
    if (body.length > 0) given = JSON.parse(body.toString("utf8"));
  } catch (error) {
    const text = `couldn't get version/kind; json parse error: ${(error as Error).message}`;
    throw new ApiError(failure(500, "", text));
  }
  const options = isObject(given) ? given : {};
  const preconditions = isObject(options.preconditions) ? options.preconditions : {};
  const { orphanDependents: orphans, propagationPolicy = query.get("propagationPolicy") } = options;
  const propagation = propagationPolicy ?? (orphans === true ? "Orphan" : "Background");
  if (!propagations.includes(propagation)) {
    const text = `Unsupported value: "${propagation}": supported values: "Foreground", "Background", "Orphan", "nil"`;
    throw invalidOptions("DeleteOptions", "propagationPolicy", "FieldValueNotSupported", text);
  }
  if (orphans !== undefined && propagationPolicy !== null) {
    const text = `Invalid value: "${propagation}": orphanDependents and deletionPropagation cannot be both set`;
    throw invalidOptions("DeleteOptions", "propagationPolicy", "FieldValueInvalid", text);
  }
  const dryRun = Array.isArray(options.dryRun) ? options.dryRun : query.getAll("dryRun");
  return {
    ...(typeof preconditions.uid === "string" && { uid: preconditions.uid }),
    ...(typeof preconditions.resourceVersion === "string" && {
      resourceVersion: preconditions.resourceVersion,
    }),
    propagation: propagation as Propagation,
    dryRun: isDryRun("DeleteOptions", dryRun),
  };
}

/** Deletes, or marks as being deleted what has finalizers. Throws 404, and 409 for preconditions that do not hold. */
export function deleteObject(
  api: Api,
  type: ResourceType,
  namespace: string | undefined,
  name: string,
  options: DeleteOptions,
): Deleted {
  const key = keyOf(namespace, name);
  const current = load(api, type, key);
  if (current === undefined) throw notFound(type, name);
  checkPreconditions(type, current, options);
  const object = mark(api, type, clone(current), options.propagation);
  if (isFinished(object)) {
    if (!options.dryRun) api.store.delete(type.storage, key, asStored(type, clone(current)));
    return { object: current, gone: true };
  }
  if (options.dryRun || isAlike(object, current)) return { object, gone: false };
  return { object: save(api, type, key, object), gone: false };
}

function checkPreconditions(type: ResourceType, current: KubeObject, options: DeleteOptions): void {
  const { uid, resourceVersion, name } = current.metadata;
  if (options.uid !== undefined && options.uid !== uid) {
    throw preconditionFailed(
      type,
      name,
      `the UID in the precondition (${options.uid}) does not match the UID in record (${uid}). The object might have ` +
        "been deleted and then recreated",
    );
  }
  if (options.resourceVersion !== undefined && options.resourceVersion !== resourceVersion) {
    throw preconditionFailed(
      type,
      name,
      `the ResourceVersion in the precondition (${options.resourceVersion}) does not match the ResourceVersion in ` +
        `record (${resourceVersion}). The object might have been modified`,
    );
  }
}

/** Sets the time of deletion and the finalizer that tells the garbage collector what to do with dependents. */
function mark(api: Api, type: ResourceType, object: KubeObject, propagation: Propagation): KubeObject {
  const meta = object.metadata;
  const others = (meta.finalizers ?? []).filter((item) => item !== "foregroundDeletion" && item !== "orphan");
  if (meta.deletionTimestamp === undefined) {
    meta.deletionTimestamp = timestamp(api);
    if (isNamespaceType(type)) object.status = { ...(object.status as object), phase: "Terminating" };
    else meta.deletionGracePeriodSeconds = 0;
    if (meta.generation !== undefined) meta.generation++;
    if (propagation === "Foreground") others.push("foregroundDeletion");
    if (propagation === "Orphan") others.push("orphan");
    if (others.length > 0) meta.finalizers = others;
    else delete meta.finalizers;
  }
  return object;
}

function isAlike(object: KubeObject, current: KubeObject): boolean {
  return object.metadata.deletionTimestamp === current.metadata.deletionTimestamp;
}
