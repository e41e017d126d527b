import type { Command } from "commander";
import { addAskerOptions } from "../asking/asker-options.ts";
import { readAsker } from "../asking/read-asker.ts";
import { addScopeOption, addSourceOptions } from "../asking/source-options.ts";
import { withPod } from "../asking/with-pod.ts";
import { type CliContext, exitCodes } from "../cli-context.ts";
import type { CheckOptions } from "../command-options.ts";

/** `sidegate explain`: asks why a decision falls as it does, and what would change it. */
export function explainCommand(program: Command, context: CliContext): void {
  const command = program
    .command("explain")
    .summary("ask why something is allowed or denied")
    .description(
      "Decides as `check` does and says why: the grants that have to do with it and, for a denial, the smallest changes that would allow it and who could make them.",
    )
    .argument("<permission>", 'what is asked, as TYPE:VERB, for example "logs:view"');
  addSourceOptions(addScopeOption(addAskerOptions(command)))
    .addHelpText("after", help(context.command))
    .action((permission: string, given: CheckOptions) =>
      withPod(given, context, async (options) => {
        const asker = await readAsker(options);
        const { explainInFolder, explainBySidecar } = await import("./ask-why.ts");
        const outcome =
          options.folder === undefined
            ? await explainBySidecar(permission, asker, options, context.stopping)
            : await explainInFolder(options.folder, permission, asker, options, context.clock.wallTime());
        const { formatResult } = await import("../format-result.ts");
        const { formatExplanation } = await import("./format-explanation.ts");
        context.print(formatResult(options.output, outcome, formatExplanation));
        context.exit(outcome.allowed ? exitCodes.ok : exitCodes.no);
      }),
    );
}

function help(command: string): string {
  return `
Examples:
  ${command} explain --folder presets/redox --subject user:sam --scope environment/acme-production logs:retry
  ${command} explain --subject user:elena --scope environment/acme-production logs:view -o json

Exit codes:
  0  allowed
  1  denied
  2  no answer: wrong usage, no sidecar in reach, no policy, or the folder is broken

What is printed is for operators: never show it to the subject. docs/reference/explanations.md says what the words mean.
`;
}
