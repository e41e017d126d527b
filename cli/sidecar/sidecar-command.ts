import { type Command, Option } from "commander";
import type { CliContext } from "../cli-context.ts";
import type { SidecarCommandOptions } from "../command-options.ts";
import { collect, logLevelOption, parseBytes } from "../options.ts";
import { operatorAccessOptions } from "./operator-access-options.ts";
import { nameOption, reachOptions } from "./sidecar-options.ts";

/** `sidegate sidecar`: answers checks by the policies of an operator. */
export function sidecarCommand(program: Command, context: CliContext): void {
  const command = program
    .command("sidecar")
    .summary("answer checks by the policies of an operator")
    .description(
      "Receives policies from an operator, keeps them in memory and on disk, and answers checks by them.",
    );
  for (const option of operatorAccessOptions()) command.addOption(option);
  command
    .addOption(
      new Option("--domain <name>", "a domain to serve: the namespace of its objects (repeatable)")
        .argParser(collect)
        .env("SIDEGATE_DOMAIN")
        .makeOptionMandatory(),
    )
    .addOption(
      new Option("--listen <address>", "where to answer checks: HOST:PORT")
        .default("127.0.0.1:7430")
        .env("SIDEGATE_LISTEN"),
    )
    .addOption(
      new Option("--socket <path>", "a Unix socket to answer checks at as well").env("SIDEGATE_SOCKET"),
    );
  for (const option of reachOptions("at --listen only")) command.addOption(option);
  command
    .addOption(
      new Option(
        "--shard-memory <bytes>",
        "keep this much of organizations in memory, for example 64Mi, and load others when asked; default: all",
      )
        .argParser(parseBytes)
        .env("SIDEGATE_SHARD_MEMORY"),
    )
    .addOption(nameOption())
    .addOption(logLevelOption("info"))
    .addHelpText("after", help(context.command))
    .action(async (options: SidecarCommandOptions) => {
      const { runSidecar } = await import("./run-sidecar.ts");
      await runSidecar(options, context);
    });
}

function help(command: string): string {
  return `
Examples:
  ${command} sidecar --operator 127.0.0.1:7440 --domain shop
  ${command} sidecar --operator op-0:7440 --operator op-1:7440 --domain shop --domain billing \\
      --socket /run/sidegate/sidegate.sock --data-dir /var/lib/sidegate

The files of --ca and --token-file are read again for each connection, that of --policy-keys when it changes, so they
may be rotated. With --policy-keys what --data-dir holds must be signed as well.

It answers from the first moment: with what --data-dir holds, until the operator has said more. Without any policy
checks end as Unavailable and health says NOT_SERVING. Log lines are JSON on standard error.

Exit codes:
  0  ended by SIGTERM or SIGINT, with the calls under way answered
  2  could not start: wrong usage, or an address or --data-dir is in use

Environment (a list has commas between its entries):
  SIDEGATE_OPERATOR, SIDEGATE_CA, SIDEGATE_SERVER_NAME, SIDEGATE_TOKEN_FILE, SIDEGATE_POLICY_KEYS, SIDEGATE_DOMAIN,
  SIDEGATE_LISTEN, SIDEGATE_SOCKET, SIDEGATE_SOCKET_MODE, SIDEGATE_HEALTH, SIDEGATE_METRICS, SIDEGATE_DATA_DIR,
  SIDEGATE_SHARD_MEMORY, SIDEGATE_NAME, SIDEGATE_LOG_LEVEL  as the options
`;
}
