import { type Command, Option } from "commander";
import { type CliContext, exitCodes } from "../cli-context.ts";
import { addClusterOptions, RELEASE_NAMESPACE } from "../cluster/cluster-options.ts";
import { outputOption, parseSeconds, parseTarget } from "../options.ts";
import type { FleetOptions } from "./show-fleet.ts";

/** `sidegate fleet`: which sidecar has what. */
export function fleetCommand(program: Command, context: CliContext): void {
  const command = program
    .command("fleet")
    .summary("show each sidecar: its policy, lag and last contact")
    .description(
      "Asks all replicas of the operator which sidecars are connected, which revision each decides by, how far it lags, when it was last heard of and what it refused last.",
    );
  addClusterOptions(command)
    .option("-n, --namespace <name>", "only the sidecars of this domain; default: of all")
    .addOption(
      new Option("--operator-namespace <name>", "where Sidegate is installed").default(RELEASE_NAMESPACE),
    )
    .addOption(
      new Option("--address <address>", "ask one operator directly: HOST:PORT or unix:PATH of its --admin")
        .argParser(parseTarget)
        .conflicts(["kubeconfig", "context"]),
    )
    .addOption(
      new Option("--timeout <seconds>", "how long to wait for an answer")
        .argParser(parseSeconds)
        .default(10_000, "10"),
    )
    .addOption(outputOption())
    .addHelpText("after", help(context.command))
    .action(async (options: FleetOptions) => {
      const { showFleet } = await import("./show-fleet.ts");
      const areCurrent = await showFleet(options, context);
      context.exit(areCurrent ? exitCodes.ok : exitCodes.no);
    });
}

function help(command: string): string {
  return `
Examples:
  ${command} fleet
  ${command} fleet -n shop -o json

The operator's pods are reached by forwarding a port, so your account needs the verbs list on pods and create on
pods/portforward in their namespace.

Exit codes:
  0  all sidecars decide by the current policy of their replica
  1  some do not
  2  could not tell: wrong usage, no cluster or operator in reach

Environment:
  KUBECONFIG  the kubeconfig, as --kubeconfig
`;
}
