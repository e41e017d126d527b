import { type Command, InvalidArgumentError, Option } from "commander";
import { addAskerOptions } from "../asking/asker-options.ts";
import { readAsker } from "../asking/read-asker.ts";
import { sidecarQuestion } from "../asking/sidecar-question.ts";
import { addScopeOption, addSourceOptions } from "../asking/source-options.ts";
import type { CliContext } from "../cli-context.ts";
import { collectWhole } from "../options.ts";
import type { ListOptions } from "./list-options.ts";

/** `sidegate list`: who may do what where. */
export function listCommand(program: Command, context: CliContext): void {
  const list = program
    .command("list")
    .summary("list who may do what where")
    .description(
      "Lists what a subject may do at a scope, who may do something there, or where a subject may do it.",
    )
    .addHelpText("after", help(context.command));
  permissionsCommand(list, context);
  subjectsCommand(list, context);
  scopesCommand(list, context);
}

function permissionsCommand(list: Command, context: CliContext): void {
  const command = list.command("permissions").description("Lists what a subject may do at a scope.");
  addScopeOption(addAskerOptions(command));
  addListOptions(command).action(async (options: ListOptions) => {
    const asker = sidecarQuestion(await readAsker(options));
    const { commonQuery, runList } = await import("./run-list.ts");
    const query = { ...commonQuery(options), ...asker, scope: options.scope as string };
    await runList(options, context, (source, page) => source.permissions(query, page));
  });
}

function subjectsCommand(list: Command, context: CliContext): void {
  const command = list
    .command("subjects")
    .description("Lists who may do something at a scope.")
    .argument("<permission>", PERMISSION);
  addScopeOption(command).addOption(
    new Option("--role <name>", "count only this role's rules (repeatable)").argParser(collectWhole),
  );
  addListOptions(command).action(async (permission: string, options: ListOptions) => {
    const { commonQuery, runList } = await import("./run-list.ts");
    const query = {
      ...commonQuery(options),
      ...(options.role && { activeRoles: options.role }),
      permission,
      scope: options.scope as string,
    };
    await runList(options, context, (source, page) => source.subjects(query, page));
  });
}

function scopesCommand(list: Command, context: CliContext): void {
  const command = list
    .command("scopes")
    .description("Lists where a subject may do something, or anything at all.")
    .argument("[permission]", `${PERMISSION}; left out: any`);
  addListOptions(addAskerOptions(command)).action(
    async (permission: string | undefined, options: ListOptions) => {
      const asker = sidecarQuestion(await readAsker(options));
      const { commonQuery, runList } = await import("./run-list.ts");
      const query = { ...commonQuery(options), ...asker, ...(permission !== undefined && { permission }) };
      await runList(options, context, (source, page) => source.scopes(query, page));
    },
  );
}

const PERMISSION = 'what is asked, as TYPE:VERB, for example "logs:view"';

function addListOptions(command: Command): Command {
  command.addOption(
    new Option("--limit <count>", "print at most so many entries; left out: all").argParser(parseCount),
  );
  return addSourceOptions(command, "how long to wait for each thousand entries");
}

function parseCount(text: string): number {
  const count = /^[0-9]{1,9}$/.test(text) ? Number(text) : 0;
  if (count === 0) throw new InvalidArgumentError("Write a number, at least 1.");
  return count;
}

function help(command: string): string {
  return `
Examples:
  ${command} list permissions --subject user:elena --scope environment/acme-production
  ${command} list subjects logs:view --scope environment/acme-production -o json
  ${command} list scopes --subject user:elena --folder presets/redox

What is listed as "always", or "until" an instant, a check allows whatever the resource is. "perhaps" says what
else it hangs on: docs/reference/enumeration.md.

Exit codes:
  0  listed
  1  the list is empty
  2  no answer: wrong usage, no sidecar in reach, no policy, or the folder is broken

Environment:
  SIDEGATE_ADDRESS  the sidecar to ask, as --address
`;
}
