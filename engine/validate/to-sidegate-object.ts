import { apiVersion, kinds, type ObjectMeta, type SidegateObject } from "../model/objects.generated.ts";

const kept: readonly (keyof ObjectMeta)[] = [
  ...(["name", "namespace", "uid", "resourceVersion", "generation", "deletionTimestamp"] as const),
  ...(["annotations", "labels", "finalizers", "ownerReferences"] as const),
];

/** kubectl's own copy of the object, which would double the memory that it takes. */
const LAST_APPLIED = "kubectl.kubernetes.io/last-applied-configuration";

const known: ReadonlySet<string> = new Set(kinds);

/**
 * Takes an object that an API server has accepted into memory: what Sidegate reads of it, and no more. The spec and the
 * status are the given ones, not copies.
 *
 * @returns undefined for anything that is no object of this version of Sidegate
 */
export function toSidegateObject(value: unknown): SidegateObject | undefined {
  if (!isRecord(value) || value.apiVersion !== apiVersion || !known.has(value.kind as string))
    return undefined;
  const { kind, metadata, spec, status } = value;
  if (!isRecord(metadata) || typeof metadata.name !== "string" || !isRecord(spec)) return undefined;
  const object = { apiVersion, kind, metadata: trimMetadata(metadata), spec };
  return (isRecord(status) ? { ...object, status } : object) as unknown as SidegateObject;
}

/** The metadata that Sidegate keeps. */
export function trimMetadata(metadata: Readonly<Record<string, unknown>>): ObjectMeta {
  const trimmed: Record<string, unknown> = {};
  for (const field of kept) {
    const value = metadata[field];
    if (value !== undefined && value !== null)
      trimmed[field] = field === "annotations" ? trimAnnotations(value) : value;
  }
  return trimmed as unknown as ObjectMeta;
}

function trimAnnotations(annotations: unknown): unknown {
  if (!isRecord(annotations) || !Object.hasOwn(annotations, LAST_APPLIED)) return annotations;
  const { [LAST_APPLIED]: _, ...others } = annotations;
  return others;
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
