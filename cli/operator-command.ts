import { type Command, Option } from "commander";
import type { CliContext } from "./cli-context.ts";
import type { OperatorCommandOptions } from "./command-options.ts";
import { collect, DEFAULT_DOMAIN, logLevelOption, parseCertificates, parseSeconds } from "./options.ts";

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
    .addOption(
      new Option("--metrics <address>", "HOST:PORT for /metrics; default: at --health only").env(
        "SIDEGATE_METRICS",
      ),
    )
    .addOption(
      new Option(
        "--admin <address>",
        "HOST:PORT or unix:PATH where `sidegate fleet` is answered, to whoever can connect; default: nowhere",
      ).env("SIDEGATE_ADMIN"),
    )
    .addOption(
      new Option("--replica <name>", "this pod's name: one of several replicas in a cluster")
        .env("SIDEGATE_REPLICA")
        .conflicts("source"),
    )
    .addOption(
      new Option("--release-namespace <name>", "with --replica: the namespace of the operator's own objects")
        .default("sidegate-system")
        .env("SIDEGATE_RELEASE_NAMESPACE"),
    )
    .addOption(
      new Option("--service <name>", "with --replica: the Service by which it is reached")
        .default("sidegate-operator")
        .env("SIDEGATE_SERVICE"),
    )
    .addOption(
      new Option("--webhooks <address>", "with --replica: HOST:PORT for the API server's webhooks").env(
        "SIDEGATE_WEBHOOKS",
      ),
    )
    .addOption(
      new Option(
        "--validating-webhook <name>",
        "a webhook configuration to keep the caBundle of (repeatable)",
      )
        .argParser(collect)
        .default([])
        .env("SIDEGATE_VALIDATING_WEBHOOK"),
    )
    .addOption(
      new Option("--mutating-webhook <name>", "the same for a mutating one (repeatable)")
        .argParser(collect)
        .default([])
        .env("SIDEGATE_MUTATING_WEBHOOK"),
    )
    .addOption(
      new Option("--injection <file>", "with --webhooks: what is injected into pods (YAML)").env(
        "SIDEGATE_INJECTION",
      ),
    )
    .addOption(
      new Option("--certificates <origin>", "with --replica: own, or secret:NAME of type kubernetes.io/tls")
        .argParser(parseCertificates)
        .default({ from: "own" }, "own")
        .env("SIDEGATE_CERTIFICATES"),
    )
    .addOption(
      new Option("--grace <seconds>", "with --replica: how long sidecars are handed over when it stops")
        .argParser(parseSeconds)
        .default(20_000, "20")
        .env("SIDEGATE_GRACE"),
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
