import { type Command, Option } from "commander";
import { type CheckOutcome, formatOutcome } from "./check-outcome.ts";
import { type CliContext, exitCodes } from "./cli-context.ts";
import type { CheckOptions } from "./command-options.ts";
import {
  collectPositions,
  collectWhole,
  outputOption,
  parseJsonObject,
  parseSeconds,
  parseSubject,
  parseTarget,
} from "./options.ts";

/** `sidegate check`: asks for one decision. */
export function checkCommand(program: Command, context: CliContext): void {
  program
    .command("check")
    .summary("ask for a decision")
    .description("Asks whether a subject may do something in a scope, and prints the grant that decided.")
    .argument("<permission>", 'what is asked, as TYPE:VERB, for example "logs:view"')
    .addOption(
      new Option("--subject <subject>", "who asks: user:NAME or serviceaccount:NAMESPACE/NAME")
        .argParser(parseSubject)
        .makeOptionMandatory(),
    )
    .requiredOption(
      "--scope <scope>",
      "where: platform, organization/NAME, workspace/NAME or environment/NAME",
    )
    .addOption(new Option("--group <name>", "a group of the subject (repeatable)").argParser(collectWhole))
    .option("--resource <name>", "the one resource in question")
    .addOption(
      new Option("--role <name>", "count only this role's rules (repeatable)").argParser(collectWhole),
    )
    .addOption(
      new Option("--context <json>", "facts of this request for conditions").argParser(parseJsonObject),
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
  if (folder === undefined) {
    const { checkSidecar } = await import("./check-sidecar.ts");
    return checkSidecar(permission, options, context.stopping);
  }
  const { checkInFolder } = await import("./check-in-folder.ts");
  return checkInFolder(folder, permission, options, context.clock.wallTime());
}

function help(command: string): string {
  return `
Examples:
  ${command} check --subject user:elena --scope environment/acme-production logs:view
  ${command} check --subject serviceaccount:shop/importer --scope organization/acme roles:view -o json
  ${command} check --folder presets/redox --subject user:sam --scope environment/acme-staging logs:retry

Exit codes:
  0  allowed
  1  denied
  2  no answer: wrong usage, no sidecar in reach, no policy, or the folder is broken

Environment:
  SIDEGATE_ADDRESS  the sidecar to ask, as --address

What is printed is for operators. What the subject itself may be told stands under "tell".
`;
}
