import { type Command, InvalidArgumentError, Option } from "commander";
import { type CliContext, exitCodes } from "../cli-context.ts";
import type { TestOptions } from "./test-policy.ts";

/** `sidegate test`: runs the cases of a policy repository. */
export function testCommand(program: Command, context: CliContext): void {
  program
    .command("test")
    .summary("run the cases of a policy repository")
    .description(
      "Decides the cases that a policy repository has beside its manifests, with the engine that sidecars have, and tells which effects of which role on which permission no case shows.",
    )
    .argument("<folder>", "the folder of manifests, read with all below it")
    .argument("[cases...]", "case files or folders of them; default: folders named cases, and *.cases.yaml")
    .option("--domain <name>", "the domain; may be left out where there is one only")
    .addOption(
      new Option("--coverage-min <percent>", "fail if less of the roles by permissions is covered").argParser(
        parsePercent,
      ),
    )
    .option("--uncovered", "list the effects that no case shows")
    .option("--junit <file>", "write a report in JUnit's XML as well")
    .addOption(
      new Option("-o, --output <format>", "how to print the result")
        .choices(["table", "json"])
        .default("table"),
    )
    .addHelpText("after", help(context.command))
    .action(async (folder: string, cases: readonly string[], options: TestOptions) => {
      const { testPolicy } = await import("./test-policy.ts");
      const { formatReport } = await import("./format-report.ts");
      const report = await testPolicy(folder, cases, options, context.clock);
      context.print(
        options.output === "json"
          ? `${JSON.stringify(report, null, 2)}\n`
          : formatReport(report, options.uncovered ?? false),
      );
      const isShort = report.coverage.percent < (options.coverageMin ?? 0);
      context.exit(report.failed > 0 || isShort ? exitCodes.no : exitCodes.ok);
    });
}

function parsePercent(text: string): number {
  const percent = /^[0-9]+(\.[0-9]+)?$/.test(text) ? Number(text) : Number.NaN;
  if (!(percent <= 100)) throw new InvalidArgumentError("Write a number from 0 to 100.");
  return percent;
}

function help(command: string): string {
  return `
Examples:
  ${command} test presets/redox
  ${command} test policies policies/cases/support.yaml
  ${command} test policies --coverage-min 80 --junit report.xml

docs/reference/cases.md tells the format of cases.

Exit codes:
  0  all cases passed, and coverage is as asked
  1  a case failed, or there is less coverage than asked
  2  could not run: wrong usage, a broken folder, or a case file that can not be used
`;
}
