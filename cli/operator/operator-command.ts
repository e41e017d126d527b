import type { Command } from "commander";
import type { CliContext } from "../cli-context.ts";
import { addClusterOptions } from "../cluster/cluster-options.ts";
import type { OperatorCommandOptions } from "../command-options.ts";
import { logLevelOption } from "../options.ts";
import { addressOptions, replicaOptions, sourceOptions } from "./operator-options.ts";

/** `sidegate operator`: compiles the objects of a cluster, or of a folder, and delivers them to sidecars. */
export function operatorCommand(program: Command, context: CliContext): void {
  const command = program
    .command("operator")
    .summary("compile the objects of a cluster and deliver them")
    .description(
      "Reads the Sidegate objects of a cluster (or a folder), compiles them, streams them to sidecars, and writes what became of them into their status.",
    );
  addClusterOptions(command);
  for (const option of [...sourceOptions(), ...addressOptions(), ...replicaOptions()])
    command.addOption(option);
  command
    .addOption(logLevelOption("info"))
    .addHelpText("after", help(context.command))
    .action(async (options: OperatorCommandOptions) => {
      const { runOperator } = await import("./run-operator.ts");
      await runOperator(options, context);
    });
}

function help(command: string): string {
  return `
Examples:
  ${command} operator --kubeconfig ~/.kube/config --namespace shop
  ${command} operator --source policies --listen 127.0.0.1:7440
  ${command} operator --replica "$POD_NAME" --listen 0.0.0.0:7440 --webhooks 0.0.0.0:7441 --health 0.0.0.0:7432

With --replica it is one of several: a Lease says which of them writes, sidecars are served over TLS and prove who they are.

The cluster needs the CustomResourceDefinitions (kubectl apply -k crds). Log lines are JSON on standard error.

Exit codes:
  0  ended by SIGTERM or SIGINT
  2  could not start or go on: no usable kubeconfig, CRDs missing, an address in use

Environment:
  KUBECONFIG  the kubeconfig, as --kubeconfig
  SIDEGATE_NAMESPACE, SIDEGATE_SOURCE, SIDEGATE_DATA_DIR, SIDEGATE_LISTEN, SIDEGATE_HEALTH, SIDEGATE_ADMIN, SIDEGATE_METRICS,
  SIDEGATE_REPLICA, SIDEGATE_RELEASE_NAMESPACE, SIDEGATE_SERVICE, SIDEGATE_WEBHOOKS, SIDEGATE_VALIDATING_WEBHOOK,
  SIDEGATE_MUTATING_WEBHOOK, SIDEGATE_INJECTION, SIDEGATE_CERTIFICATES, SIDEGATE_GRACE, SIDEGATE_LOG_LEVEL
  as the options; a list has commas between its entries
`;
}
