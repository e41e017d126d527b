import type { KubeApi, KubeObject, Resource } from "../../operator/kube/kube-api.ts";
import { isConflict, isNotFound } from "../../operator/kube/kube-error.ts";

const PREFIX = "sidegate.dev/";

/** Takes Sidegate's finalizers off an object. Answers whether it had any. */
export async function releaseObject(
  api: KubeApi,
  resource: Resource,
  object: KubeObject,
  isDryRun: boolean,
): Promise<boolean> {
  for (let current = object; ; ) {
    const { name, namespace, resourceVersion, finalizers = [] } = current.metadata;
    const others = finalizers.filter((finalizer) => !finalizer.startsWith(PREFIX));
    if (others.length === finalizers.length) return current !== object;
    if (isDryRun) return true;
    try {
      // The list is written whole, so it must not have changed since it was read.
      await api.mergePatch(resource, namespace, name, { metadata: { resourceVersion, finalizers: others } });
      return true;
    } catch (error) {
      if (isNotFound(error)) return true;
      if (!isConflict(error)) throw error;
      const again = await api.get(resource, namespace, name).catch(ignoreMissing);
      if (again === undefined) return true;
      current = again;
    }
  }
}

function ignoreMissing(error: unknown): undefined {
  if (!isNotFound(error)) throw error;
}
