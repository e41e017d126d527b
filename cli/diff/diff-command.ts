import { type Command, InvalidArgumentError, Option } from "commander";
import { type CliContext, exitCodes } from "../cli-context.ts";
import type { DiffOptions } from "./show-diff.ts";

/** `sidegate diff`: who gained and lost what. */
export function diffCommand(program: Command, context: CliContext): void {
  program
    .command("diff")
    .summary("tell who gains and loses what by a change")
    .description(
      "Lists every permission that a subject gains or loses at a scope from one policy to another. A side is a folder of manifests or cluster:NAMESPACE.",
    )
    .argument("<old>", "the policy as it is: a folder, or cluster:NAMESPACE")
    .argument("<new>", "the policy as it is to be: a folder, or cluster:NAMESPACE")
    .option("--domain <name>", "the domain; may be left out where a folder has one only")
    .option("--kubeconfig <file>", "default: KUBECONFIG, ~/.kube/config, then the pod's service account")
    .option("--context <name>", "the context of the kubeconfig; default: its current one")
    .addOption(new Option("--at <instant>", "compare at this instant; default: now").argParser(parseInstant))
    .addOption(
      new Option("-o, --output <format>", "how to print the result")
        .choices(["table", "markdown", "json"])
        .default("table"),
    )
    .addHelpText("after", help(context.command))
    .action(async (before: string, after: string, options: DiffOptions) => {
      const { showDiff } = await import("./show-diff.ts");
      const { isWidened } = await showDiff(before, after, options, context);
      context.exit(isWidened ? exitCodes.no : exitCodes.ok);
    });
}

function parseInstant(text: string): number {
  const instant = /^\d{4}-\d\d-\d\dT[\d:.]+(?:Z|[+-]\d\d:\d\d)$/.test(text) ? Date.parse(text) : Number.NaN;
  if (Number.isNaN(instant))
    throw new InvalidArgumentError("Write an instant in RFC 3339, for example 2026-03-01T12:00:00Z.");
  return instant;
}

function help(command: string): string {
  return `
Examples:
  ${command} diff main/policies policies
  ${command} diff cluster:shop policies -o markdown

Listed are all users, service accounts and asserted groups that either side names, and system:authenticated, for
what those have who are named nowhere. What hangs on resource names or conditions stands in a column of its own.

Exit codes:
  0  nothing changed, or something was only taken away
  1  something is allowed that was not, or may be
  2  could not tell: wrong usage, a broken folder, no cluster in reach

Environment:
  KUBECONFIG  the kubeconfig, as --kubeconfig
`;
}
