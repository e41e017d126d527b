import { KubeConfig } from "@kubernetes/client-node";
import { SidegateError } from "../engine/errors/sidegate-error.ts";

/**
 * Finds the way to the API server as kubectl does.
 *
 * @param file absent: KUBECONFIG, ~/.kube/config, then the service account of the pod
 * @throws SidegateError SG4005
 */
export function loadKubeconfig(file: string | undefined, context: string | undefined): KubeConfig {
  const config = new KubeConfig();
  try {
    if (file === undefined) config.loadFromDefault();
    else config.loadFromFile(file);
  } catch (cause) {
    throw new SidegateError("SG4005", `${file ?? "the kubeconfig"}: ${(cause as Error).message}`, { cause });
  }
  if (context === undefined) return config;
  if (config.getContextObject(context) === null) {
    const names = config.getContexts().map(({ name }) => name);
    throw new SidegateError(
      "SG4005",
      `there is no context ${context}; there are ${names.join(", ") || "none"}`,
    );
  }
  config.setCurrentContext(context);
  return config;
}
