import type { KubeApi, KubeObject } from "../../operator/kube/kube-api.ts";
import { isNotFound } from "../../operator/kube/kube-error.ts";
import { eachObject, type Selection } from "./each-object.ts";

/**
 * Deletes each object of a selection that is wanted, or only counts them in a dry run. One that was made anew meanwhile stays.
 *
 * @returns how many there were
 */
export function removeEach(
  api: KubeApi,
  selection: Selection,
  isDryRun: boolean,
  signal: AbortSignal,
  isWanted: (object: KubeObject) => boolean,
): Promise<number> {
  return eachObject(api, selection, signal, async (object) => {
    if (!isWanted(object)) return false;
    const { namespace, name, uid } = object.metadata;
    if (!isDryRun)
      await api.delete(selection.resource, namespace, name, { uid }).catch((error: unknown) => {
        if (!isNotFound(error)) throw error;
      });
    return true;
  });
}
