import { type Command, Option } from "commander";
import type { CliContext } from "../cli-context.ts";
import type { LintOptions } from "../command-options.ts";
import { DEFAULT_DOMAIN, outputOption } from "../options.ts";

/** `sidegate lint`: checks a folder of manifests. */
export function lintCommand(program: Command, context: CliContext): void {
  program
    .command("lint")
    .summary("check a folder of manifests")
    .description(
      "Checks every manifest in a folder as the API server and the operator would: syntax, schema, rules, duplicates, references, cycles, and names that no catalog has. And it knows the traps that valid manifests fall into: docs/reference/cli/lint.md.",
    )
    .argument("<folder>", "the folder, read with all below it")
    .addOption(
      new Option("--domain <name>", "the domain of manifests without a namespace").default(DEFAULT_DOMAIN),
    )
    .option("--notes", "show notes as well, which are no reason to fail")
    .addOption(outputOption())
    .addHelpText("after", help(context.command))
    .action(async (folder: string, options: LintOptions) => {
      const { lint } = await import("./lint.ts");
      await lint(folder, options, context);
    });
}

function help(command: string): string {
  return `
Examples:
  ${command} lint presets/redox
  ${command} lint policies -o json
  ${command} lint policies --notes

What is read: files ending in .yaml, .yml and .json. Left out: names that begin with a dot, folders named
"cases" or "node_modules", *.cases.yaml, kustomization.yaml, and objects of other API groups.

A finding is suppressed by the annotation sidegate.dev/lint-ignore: RULE on its object (several with commas).

Exit codes:
  0  nothing found but notes
  1  something found: a manifest that is broken, one that does not work as it is written, or a trap
  2  could not tell: wrong usage, or the folder or a file in it can not be read
`;
}
