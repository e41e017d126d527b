import { type Command, InvalidArgumentError, Option } from "commander";
import { type LevelName, levelNames } from "../../engine/model/scope.ts";
import { type CliContext, exitCodes } from "../cli-context.ts";
import { collectWhole } from "../options.ts";
import type { MatrixOptions } from "./show-matrix.ts";

/** `sidegate matrix`: roles by permissions. */
export function matrixCommand(program: Command, context: CliContext): void {
  program
    .command("matrix")
    .summary("show which role may do what")
    .description(
      "Shows what each role of a folder says about each permission, as the compiled policy has it: included roles, implied verbs and `*` followed.",
    )
    .argument("<folder>", "the folder, read with all below it")
    .addOption(
      new Option("--level <level>", "only permissions of this level (repeatable)").argParser(collectLevels),
    )
    .addOption(new Option("--role <name>", "only this role (repeatable)").argParser(collectWhole))
    .option("--organization <name>", "only roles that may be given in this organization")
    .option("--domain <name>", "the domain; may be left out where there is one only")
    .addOption(
      new Option("-o, --output <format>", "how to print the result")
        .choices(["table", "markdown", "csv", "json"])
        .default("table"),
    )
    .addHelpText("after", help(context.command))
    .action(async (folder: string, options: MatrixOptions) => {
      const { showMatrix } = await import("./show-matrix.ts");
      context.print(await showMatrix(folder, options));
      context.exit(exitCodes.ok);
    });
}

function collectLevels(text: string, previous: readonly LevelName[] | undefined): LevelName[] {
  const level = levelNames.find((name) => name.toLowerCase() === text.toLowerCase());
  if (level === undefined) throw new InvalidArgumentError(`Write ${levelNames.join(", ")}.`);
  return [...(previous ?? []), level];
}

function help(command: string): string {
  return `
Examples:
  ${command} matrix presets/redox
  ${command} matrix presets/redox --level Environment -o markdown
  ${command} matrix policies --organization acme -o csv > roles.csv

Exit codes:
  0  shown
  2  could not tell: wrong usage, a broken folder, or no such role or organization
`;
}
