import { crds, operatorsCrds } from "../crds/definitions.ts";
import type { KubeApi, KubeObject } from "../operator/kube/kube-api.ts";
import { sidegateResources } from "../operator/source/kubernetes/sidegate-resources.ts";
import { pauseMs } from "./pause.ts";

const crdResource = {
  group: "apiextensions.k8s.io",
  version: "v1",
  plural: "customresourcedefinitions",
  kind: "CustomResourceDefinition",
};

/** Applies the CRDs, as `make e2e` does; they stay. Resolves once they are served. */
export async function applyCrds(api: KubeApi): Promise<void> {
  const { signal } = new AbortController();
  for (const crd of [...crds, ...operatorsCrds])
    await api.apply(crdResource, crd as object as KubeObject, { fieldManager: "sidegate-bench" });
  for (const resource of Object.values(sidegateResources)) {
    while (
      !(await api.list(resource, { limit: 1, signal }).then(
        () => true,
        () => false,
      ))
    )
      await pauseMs(100);
  }
}
