import type { Kind, SidegateObject } from "../../engine/model/objects.generated.ts";
import type { KubeApi } from "../kube/kube-api.ts";
import { isNotFound } from "../kube/kube-error.ts";
import { sidegateResources } from "../source/kubernetes/sidegate-resources.ts";

/** Keeps a Membership until its subject is out of all bindings of the organization. */
export const LEAVING = "sidegate.dev/leaving";

/** Keeps a scope or role until nothing refers to it. */
export const IN_USE = "sidegate.dev/in-use";

/** Keeps what grants something until no live sidecar honours it any more. */
export const REVOCATION = "sidegate.dev/revocation";

/**
 * The kinds whose deletion takes something away at once. A Membership is kept by LEAVING, which waits for the same; scopes
 * and roles by IN_USE, until nothing that grants refers to them.
 */
export const keptUntilRevoked: ReadonlySet<Kind> = new Set([
  "AccessRoleBinding",
  "AccessGroup",
  "PermissionCatalog",
  "TokenPolicy",
]);

/** The kinds whose names must not be used again while old references point at them. */
export const keptWhileInUse: ReadonlySet<Kind> = new Set([
  "Organization",
  "Workspace",
  "Environment",
  "AccessRole",
]);

/** The finalizers that objects of a kind bear from their creation on. */
export function finalizersFor(kind: Kind): readonly string[] {
  if (keptWhileInUse.has(kind)) return [IN_USE];
  if (keptUntilRevoked.has(kind)) return [REVOCATION];
  return kind === "Membership" ? [LEAVING] : [];
}

export function hasFinalizer({ metadata }: SidegateObject, finalizer: string): boolean {
  return metadata.finalizers?.includes(finalizer) ?? false;
}

/** Puts a finalizer on an object that is not marked for deletion, if it lacks it. */
export async function addFinalizer(api: KubeApi, object: SidegateObject, finalizer: string): Promise<void> {
  if (hasFinalizer(object, finalizer)) return;
  await setFinalizers(api, object, [...(object.metadata.finalizers ?? []), finalizer]);
}

/** Takes a finalizer off an object, which lets it go if that was the last one. */
export async function removeFinalizer(
  api: KubeApi,
  object: SidegateObject,
  finalizer: string,
): Promise<void> {
  const others = (object.metadata.finalizers ?? []).filter((other) => other !== finalizer);
  await setFinalizers(api, object, others);
}

async function setFinalizers(api: KubeApi, object: SidegateObject, finalizers: string[]): Promise<void> {
  const { namespace, name, uid, resourceVersion } = object.metadata;
  try {
    await api.mergePatch(sidegateResources[object.kind], namespace, name, {
      // The list is written whole, so it must not have changed since it was read.
      metadata: { uid, resourceVersion, finalizers },
    });
  } catch (error) {
    if (!isNotFound(error)) throw error;
  }
}
