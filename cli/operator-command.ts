import { type Command, Option } from "commander";
import type { CliContext } from "./cli-context.ts";
import type { OperatorCommandOptions } from "./command-options.ts";
import { DEFAULT_DOMAIN, logLevelOption } from "./options.ts";

/** `sidegate operator`: compiles the objects of a cluster, or of a folder, and delivers them to sidecars. */
export function operatorCommand(program: Command, context: CliContext): void {
  program
    .command("operator")
    .summary("compile the objects of a cluster and deliver them")
    .description(
      "Reads the Sidegate objects of a cluster (or a folder), compiles them, streams them to sidecars, and writes what became of them into their status.",
    )
    .addOption(
      new Option(
        "--kubeconfig <file>",
        "default: KUBECONFIG, ~/.kube/config, then the pod's service account",
      ),
    )
    .option("--context <name>", "the context of the kubeconfig; default: its current one")
    .addOption(
      new Option("--namespace <name>", "serve this namespace only; default: all").env("SIDEGATE_NAMESPACE"),
    )
    .addOption(
      new Option("--source <folder>", "read this folder of manifests instead of a cluster")
        .env("SIDEGATE_SOURCE")
        .conflicts(["kubeconfig", "context", "namespace"]),
    )
    .addOption(
      new Option("--domain <name>", "with --source: the domain of manifests without a namespace").default(
        DEFAULT_DOMAIN,
      ),
    )
    .addOption(
      new Option(
        "--data-dir <folder>",
        "with --source: keeps the number of the last load, should the clock go back",
      ).env("SIDEGATE_DATA_DIR"),
    )
    .addOption(
      new Option("--listen <address>", "where sidecars connect: HOST:PORT or unix:PATH")
        .default("127.0.0.1:7440")
        .env("SIDEGATE_LISTEN"),
    )
    .addOption(
      new Option("--health <address>", "HOST:PORT for /healthz, /readyz and /metrics; default: none").env(
        "SIDEGATE_HEALTH",
      ),
    )
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

The cluster needs the CustomResourceDefinitions (kubectl apply -k crds). Log lines are JSON on standard error.

Exit codes:
  0  ended by SIGTERM or SIGINT
  2  could not start or go on: no usable kubeconfig, CRDs missing, an address in use

Environment:
  KUBECONFIG  the kubeconfig, as --kubeconfig
  SIDEGATE_NAMESPACE, SIDEGATE_SOURCE, SIDEGATE_DATA_DIR, SIDEGATE_LISTEN, SIDEGATE_HEALTH,
  SIDEGATE_LOG_LEVEL  as the options
`;
}
