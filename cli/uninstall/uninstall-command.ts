import { type Command, Option } from "commander";
import { type CliContext, exitCodes } from "../cli-context.ts";
import { addClusterOptions, RELEASE_NAMESPACE } from "../cluster/cluster-options.ts";
import type { UninstallOptions } from "./run-uninstall.ts";

/** `sidegate uninstall`: lets go of all that an operator kept. */
export function uninstallCommand(program: Command, context: CliContext): void {
  const command = program
    .command("uninstall")
    .summary("let go of all objects after the operator was uninstalled")
    .description(
      "Takes Sidegate's finalizers off all objects, so that they can be deleted without an operator, and removes its webhook configurations, the trust ConfigMaps that it wrote into namespaces, and what its replicas kept in their own: Leases, DeliveryReports and the Secret of its authority. The objects themselves stay.",
    );
  addClusterOptions(command)
    .addOption(
      new Option("--operator-namespace <name>", "where Sidegate was installed").default(RELEASE_NAMESPACE),
    )
    .option("--force", "even while an operator runs, which puts back what it still looks after")
    .option("--dry-run", "only tell what would be done")
    .addHelpText("after", help(context.command))
    .action(async (options: UninstallOptions) => {
      const { runUninstall } = await import("./run-uninstall.ts");
      await runUninstall(options, context);
      context.exit(exitCodes.ok);
    });
}

function help(command: string): string {
  return `
Example:
  helm uninstall sidegate -n sidegate-system && ${command} uninstall

Exit codes:
  0  done
  2  not all could be done: no cluster in reach, an operator still runs, or something may not be written

Without this program:
  kubectl get sidegate -A -o name is not enough: finalizers are taken off with
  kubectl patch KIND NAME -n NAMESPACE --type merge -p '{"metadata":{"finalizers":null}}'

Environment:
  KUBECONFIG  the kubeconfig, as --kubeconfig
`;
}
