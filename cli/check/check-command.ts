import type { Command } from "commander";
import { addAskerOptions } from "../asking/asker-options.ts";
import { readAsker } from "../asking/read-asker.ts";
import { addScopeOption, addSourceOptions } from "../asking/source-options.ts";
import { withPod } from "../asking/with-pod.ts";
import { type CliContext, exitCodes } from "../cli-context.ts";
import type { CheckOptions } from "../command-options.ts";
import { type CheckOutcome, formatOutcome } from "./check-outcome.ts";

/** `sidegate check`: asks for one decision. */
export function checkCommand(program: Command, context: CliContext): void {
  const command = program
    .command("check")
    .summary("ask for a decision")
    .description("Asks whether a subject may do something in a scope, and prints the grant that decided.")
    .argument("<permission>", 'what is asked, as TYPE:VERB, for example "logs:view"');
  addSourceOptions(addScopeOption(addAskerOptions(command)))
    .addHelpText("after", help(context.command))
    .action((permission: string, given: CheckOptions) =>
      withPod(given, context, async (options) => {
        const outcome = await ask(permission, options, context);
        const { formatResult } = await import("../format-result.ts");
        context.print(formatResult(options.output, outcome, formatOutcome));
        context.exit(outcome.allowed ? exitCodes.ok : exitCodes.no);
      }),
    );
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
  ${command} check --pod shop/web-5d8f7-x2x9k --subject user:ada --scope environment/acme-production logs:view
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
