import { type Command, Option } from "commander";
import { addAskerOptions } from "./asking/asker-options.ts";
import { readAsker } from "./asking/read-asker.ts";
import { type CheckOutcome, formatOutcome } from "./check-outcome.ts";
import { type CliContext, exitCodes } from "./cli-context.ts";
import type { CheckOptions } from "./command-options.ts";
import { collectPositions, outputOption, parseSeconds, parseTarget } from "./options.ts";

/** `sidegate check`: asks for one decision. */
export function checkCommand(program: Command, context: CliContext): void {
  const command = program
    .command("check")
    .summary("ask for a decision")
    .description("Asks whether a subject may do something in a scope, and prints the grant that decided.")
    .argument("<permission>", 'what is asked, as TYPE:VERB, for example "logs:view"');
  addAskerOptions(command)
    .requiredOption(
      "--scope <scope>",
      "where: platform, organization/NAME, workspace/NAME or environment/NAME",
    )
    .addOption(
      new Option(
        "--min-position <kind:version>",
        "a write that the answer must not be older than (repeatable)",
      ).argParser(collectPositions),
    )
    .option("--domain <name>", "the domain; may be left out where there is one only")
    .addOption(
      new Option("--address <address>", "the sidecar to ask: HOST:PORT or unix:PATH")
        .argParser(parseTarget)
        .default("127.0.0.1:7430")
        .env("SIDEGATE_ADDRESS"),
    )
    .addOption(
      new Option("--folder <folder>", "ask this folder of manifests instead of a sidecar").conflicts([
        "minPosition",
        "timeout",
      ]),
    )
    .addOption(
      new Option("--timeout <seconds>", "how long to wait for an answer")
        .argParser(parseSeconds)
        .default(5000, "5"),
    )
    .addOption(outputOption())
    .addHelpText("after", help(context.command))
    .action(async (permission: string, options: CheckOptions) => {
      const outcome = await ask(permission, options, context);
      const { formatResult } = await import("./format-result.ts");
      context.print(formatResult(options.output, outcome, formatOutcome));
      context.exit(outcome.allowed ? exitCodes.ok : exitCodes.no);
    });
}

/** Imports what it needs only then, since a shell script may ask often. */
async function ask(permission: string, options: CheckOptions, context: CliContext): Promise<CheckOutcome> {
  const { folder } = options;
  const asker = await readAsker(options);
  if (folder === undefined) {
    const { checkSidecar } = await import("./check-sidecar.ts");
    return checkSidecar(permission, asker, options, context.stopping);
  }
  const { checkInFolder } = await import("./check-in-folder.ts");
  return checkInFolder(folder, permission, asker, options, context.clock.wallTime());
}

function help(command: string): string {
  return `
Examples:
  ${command} check --subject user:elena --scope environment/acme-production logs:view
  ${command} check --subject serviceaccount:shop/importer --scope organization/acme roles:view -o json
  ${command} check --folder presets/redox --subject user:sam --scope environment/acme-staging logs:retry
  ${command} check --subject user:ada --context ip=10.0.0.1 --context level:=3 --scope platform tenants:view
  ${command} check --token-file token.jwt --resource-attribute owner=ada --scope environment/acme-production logs:view

Exit codes:
  0  allowed
  1  denied
  2  no answer: wrong usage, no sidecar in reach, no policy, or the folder is broken

Environment:
  SIDEGATE_ADDRESS  the sidecar to ask, as --address

What is printed is for operators. What the subject itself may be told stands under "tell".
`;
}
