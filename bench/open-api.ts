import { KubeConfig } from "@kubernetes/client-node";
import { createSystemClock } from "../host/clock.ts";
import { type Credentials, createCredentials } from "../operator/kube/credentials.ts";
import { createHttpKubeApi } from "../operator/kube/http-kube-api.ts";
import type { KubeApi } from "../operator/kube/kube-api.ts";
import { namespaceResource } from "../operator/source/kubernetes/sidegate-resources.ts";

/** An API server. Its credentials are to be closed at the end. */
export interface OpenApi {
  readonly api: KubeApi;
  readonly credentials: Credentials;
}

/** @param kubeconfig a file */
export function openApi(kubeconfig: string): OpenApi {
  const clock = createSystemClock();
  const config = new KubeConfig();
  config.loadFromFile(kubeconfig);
  const credentials = createCredentials(config, clock);
  return { api: createHttpKubeApi({ credentials, clock }), credentials };
}

export async function createNamespace(api: Pick<KubeApi, "create">, name: string): Promise<void> {
  await api.create(namespaceResource, undefined, { apiVersion: "v1", kind: "Namespace", metadata: { name } });
}
