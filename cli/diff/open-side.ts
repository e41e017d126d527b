import { SidegateError } from "../../engine/errors/sidegate-error.ts";
import type { CliContext } from "../cli-context.ts";
import { loadPolicy } from "../folder/compile-folder.ts";
import { type OpenDomain, openDomain } from "../folder/open-domain.ts";

const CLUSTER = "cluster:";

/**
 * Opens one side of a comparison: a folder, or what a namespace of the cluster holds, written "cluster:NAMESPACE".
 *
 * @throws SidegateError where it can not be read
 */
export async function openSide(
  side: string,
  { domain, kubeconfig, context }: { domain?: string; kubeconfig?: string; context?: string },
  cli: Pick<CliContext, "clock" | "stopping">,
): Promise<OpenDomain> {
  if (!side.startsWith(CLUSTER)) return openDomain(side, domain);
  const namespace = side.slice(CLUSTER.length);
  // Without a name the API server would list all namespaces, as if they were one domain.
  if (namespace === "")
    throw new SidegateError("SG5001", `"${side}" names no namespace; write cluster:NAMESPACE`);
  const { loadKubeconfig } = await import("../load-kubeconfig.ts");
  const { readCluster } = await import("./read-cluster.ts");
  const compiler = await readCluster(loadKubeconfig(kubeconfig, context), namespace, cli.clock, cli.stopping);
  return { domain: namespace, world: compiler.world, policy: loadPolicy(compiler) };
}
