import { type Command, Option } from "commander";
import type { CliContext } from "../cli-context.ts";
import type { DevCommandOptions } from "../command-options.ts";
import { DEFAULT_DOMAIN, logLevelOption, parsePort } from "../options.ts";

/** `sidegate dev`: operator and sidecar in one process, on a folder of manifests. */
export function devCommand(program: Command, context: CliContext): void {
  program
    .command("dev")
    .summary("serve decisions from a folder of manifests")
    .description(
      "Serves decisions from a folder of manifests: the same operator and the same sidecar as in a cluster, in one process. A saved manifest changes the answers at once; while one is broken, the policy before goes on answering.",
    )
    .argument("<folder>", "the folder, read with all below it")
    .addOption(
      new Option("--port <number>", "the port on 127.0.0.1 to answer at; 0 takes any free one")
        .argParser(parsePort)
        .default(7430)
        .env("SIDEGATE_PORT"),
    )
    .addOption(
      new Option("--socket <path>", "the Unix socket to answer at; default: one of this user's").env(
        "SIDEGATE_SOCKET",
      ),
    )
    .addOption(
      new Option("--domain <name>", "the domain of manifests without a namespace").default(DEFAULT_DOMAIN),
    )
    .addOption(
      new Option("--data-dir <folder>", "keep the policy here over restarts; default: nowhere").env(
        "SIDEGATE_DATA_DIR",
      ),
    )
    .addOption(logLevelOption("error"))
    .addHelpText("after", help(context.command))
    .action(async (folder: string, options: DevCommandOptions) => {
      const { dev } = await import("./dev.ts");
      await dev(folder, options, context);
    });
}

function help(command: string): string {
  return `
Examples:
  ${command} dev presets/redox
  ${command} dev policies --port 0 --domain shop

What is read: files ending in .yaml, .yml and .json. Left out: names that begin with a dot, folders named
"cases" or "node_modules", *.cases.yaml, kustomization.yaml, and objects of other API groups. A manifest with a
namespace belongs to the domain of that name.

Ask with "${command} check", with a client library, or with grpcurl; the server has reflection.

Exit codes:
  0  ended by Ctrl-C
  2  could not start: no such folder, or the port or socket is taken

Environment:
  SIDEGATE_PORT, SIDEGATE_SOCKET, SIDEGATE_DATA_DIR, SIDEGATE_LOG_LEVEL  as the options
`;
}
