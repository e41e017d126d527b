import { apiVersion, type Kind, type ObjectMeta } from "../../../engine/model/objects.generated.ts";
import type { KubeObject } from "../../kube/kube-api.ts";

/** An object with only the parts that Sidegate keeps; spec and status are as they came. */
export interface TrimmedObject {
  readonly apiVersion: typeof apiVersion;
  readonly kind: Kind;
  readonly metadata: ObjectMeta;
  readonly spec?: unknown;
  readonly status?: unknown;
}

/** kubectl's copy of the whole object. */
const LAST_APPLIED = "kubectl.kubernetes.io/last-applied-configuration";

/**
 * Leaves out what is large and never read (managedFields, kubectl's copy of the manifest), before an object is kept: with
 * a hundred thousand objects this is most of their memory.
 */
export function trimObject(kind: Kind, { metadata, ...body }: KubeObject): TrimmedObject {
  const { name, namespace, uid, resourceVersion, generation, deletionTimestamp } = metadata;
  const { labels, finalizers, ownerReferences } = metadata as Partial<ObjectMeta>;
  const annotations = withoutLastApplied(metadata.annotations);
  const { spec, status } = body as { spec?: unknown; status?: unknown };
  return {
    apiVersion,
    kind,
    metadata: {
      name,
      ...(namespace !== undefined && { namespace }),
      ...(uid !== undefined && { uid }),
      ...(resourceVersion !== undefined && { resourceVersion }),
      ...(generation !== undefined && { generation }),
      ...(deletionTimestamp !== undefined && { deletionTimestamp }),
      ...(annotations !== undefined && { annotations }),
      ...(labels !== undefined && { labels }),
      ...(finalizers !== undefined && { finalizers }),
      ...(ownerReferences !== undefined && { ownerReferences }),
    },
    ...(spec !== undefined && { spec }),
    ...(status !== undefined && { status }),
  };
}

function withoutLastApplied(annotations: unknown): Record<string, string> | undefined {
  if (typeof annotations !== "object" || annotations === null) return undefined;
  const { [LAST_APPLIED]: _copy, ...rest } = annotations as Record<string, string>;
  return Object.keys(rest).length === 0 ? undefined : rest;
}
