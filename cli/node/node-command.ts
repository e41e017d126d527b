import { type Command, Option } from "commander";
import type { CliContext } from "../cli-context.ts";
import { logLevelOption, parseBytes, parseCount } from "../options.ts";
import { operatorAccessOptions } from "../sidecar/operator-access-options.ts";
import { nameOption, reachOptions } from "../sidecar/sidecar-options.ts";
import type { NodeCommandOptions } from "./run-node.ts";

/** `sidegate node`: answers checks of all pods of a node. */
export function nodeCommand(program: Command, context: CliContext): void {
  const command = program
    .command("node")
    .summary("answer checks of all pods of a node")
    .description(
      "Answers checks at one Unix socket for all pods of a node. Callers show a token of their service account; each may ask about the domain of its namespace, and about those that it may sync.",
    );
  for (const option of operatorAccessOptions()) command.addOption(option);
  command.addOption(
    new Option("--socket <path>", "the Unix socket to answer at")
      .default("/run/sidegate/sidegate.sock")
      .env("SIDEGATE_SOCKET"),
  );
  for (const option of reachOptions("at --socket only")) command.addOption(option);
  command
    .addOption(
      new Option("--max-domains <number>", "domains to follow at a time")
        .argParser(parseCount)
        .default(64)
        .env("SIDEGATE_MAX_DOMAINS"),
    )
    .addOption(
      new Option("--idle-seconds <seconds>", "leave a domain that nobody asked about for so long")
        .argParser(parseCount)
        .default(3_600)
        .env("SIDEGATE_IDLE_SECONDS"),
    )
    .addOption(
      new Option(
        "--shard-memory <bytes>",
        "keep this much of each domain's organizations in memory, for example 64Mi; default: all",
      )
        .argParser(parseBytes)
        .env("SIDEGATE_SHARD_MEMORY"),
    )
    .addOption(nameOption())
    .addOption(logLevelOption("info"))
    .addHelpText("after", help(context.command))
    .action(async (options: NodeCommandOptions) => {
      const { runNode } = await import("./run-node.ts");
      await runNode(options, context);
    });
}

function help(command: string): string {
  return `
Example:
  ${command} node --operator sidegate-operator-replicas.sidegate-system.svc:7440 \\
      --server-name sidegate-operator.sidegate-system.svc --ca /trust/ca.crt --token-file /trust/token

A domain is followed from the first question about it. Who asks is reviewed by the operator, whose answer is used for a
minute, and for as long as the caller's token while the operator is away.

Exit codes:
  0  ended by SIGTERM or SIGINT, with the calls under way answered
  2  could not start: wrong usage, or an address is in use

Environment (a list has commas between its entries):
  SIDEGATE_OPERATOR, SIDEGATE_CA, SIDEGATE_SERVER_NAME, SIDEGATE_TOKEN_FILE, SIDEGATE_POLICY_KEYS, SIDEGATE_SOCKET,
  SIDEGATE_SOCKET_MODE, SIDEGATE_HEALTH, SIDEGATE_METRICS, SIDEGATE_DATA_DIR, SIDEGATE_MAX_DOMAINS,
  SIDEGATE_IDLE_SECONDS, SIDEGATE_SHARD_MEMORY, SIDEGATE_NAME, SIDEGATE_LOG_LEVEL  as the options
`;
}
