import type { KubeConfig } from "@kubernetes/client-node";
import type { Clock } from "../../host/clock.ts";
import { createCredentials } from "../../operator/kube/credentials.ts";
import { createHttpKubeApi } from "../../operator/kube/http-kube-api.ts";
import type { KubeApi } from "../../operator/kube/kube-api.ts";
import { loadKubeconfig } from "../load-kubeconfig.ts";
import type { ClusterOptions } from "./cluster-options.ts";

/** A cluster that a command works with. */
export interface Cluster {
  readonly kubeconfig: KubeConfig;
  readonly api: KubeApi;
  close(): Promise<void>;
}

/**
 * @param signal aborted when the command is to end
 * @throws SidegateError SG4005 for a kubeconfig that can not be used
 */
export function openCluster(options: ClusterOptions, clock: Clock, signal: AbortSignal): Cluster {
  const kubeconfig = loadKubeconfig(options.kubeconfig, options.context);
  const credentials = createCredentials(kubeconfig, clock);
  const api = createHttpKubeApi({ credentials, clock, signal });
  return { kubeconfig, api, close: () => credentials.close() };
}
