import type { Command } from "commander";

/** Which cluster a command looks into. */
export interface ClusterOptions {
  readonly kubeconfig?: string;
  readonly context?: string;
}

/** Where Sidegate is installed unless somebody says otherwise. */
export const RELEASE_NAMESPACE = "sidegate-system";

/** Adds the ways to name a cluster to a command. `--context` of questions means something else: there it is left out. */
export function addClusterOptions(command: Command): Command {
  return command
    .option("--kubeconfig <file>", "default: KUBECONFIG, ~/.kube/config, then the pod's service account")
    .option("--context <name>", "the context of the kubeconfig; default: its current one");
}
