import { type Command, InvalidArgumentError, Option } from "commander";
import { collectFacts } from "../asking/collect-facts.ts";
import { addScopeOption, addSourceOptions } from "../asking/source-options.ts";
import { withPod } from "../asking/with-pod.ts";
import type { CliContext } from "../cli-context.ts";
import { collectWhole, parseSubject } from "../options.ts";
import type { CanGrantOptions, GrantTarget } from "./can-grant-options.ts";

/** `sidegate can-grant`: asks whether somebody may give or take a role, or lists what they may. */
export function canGrantCommand(program: Command, context: CliContext): void {
  const command = program
    .command("can-grant")
    .summary("ask who may give or take a role")
    .description("Asks whether a subject may give a role to somebody at a scope, or take it away.")
    .argument("[role]", "the AccessRole that would be given or taken; with --list: only this one")
    .addOption(
      new Option("--subject <subject>", "who would: user:NAME or serviceaccount:NAMESPACE/NAME").argParser(
        parseSubject,
      ),
    )
    .option("--token-file <file>", "a signed token that says who would; - reads it from standard input")
    .addOption(
      new Option(
        "--to <target>",
        "give it to user:NAME, serviceaccount:NAMESPACE/NAME, group:NAME or accessgroup:NAME",
      )
        .argParser(parseGrantTarget)
        .conflicts(["from", "list"]),
    )
    .addOption(
      new Option("--from <target>", "take it from them")
        .argParser(parseGrantTarget)
        .conflicts(["to", "list"]),
    )
    .option("--list", "list the roles that the subject may give or take there and below")
    .addOption(new Option("--group <name>", "a group of the subject (repeatable)").argParser(collectWhole))
    .addOption(
      new Option(
        "--subject-attribute <fact>",
        "a fact about the subject: NAME=TEXT, NAME:=JSON or {...} (repeatable)",
      ).argParser(collectFacts),
    )
    .addOption(
      new Option("--active-role <name>", "count only this role of the subject (repeatable)").argParser(
        collectWhole,
      ),
    );
  addSourceOptions(addScopeOption(command))
    .addHelpText("after", help(context.command))
    .action((role: string | undefined, given: CanGrantOptions) =>
      withPod(given, context, async (options) => {
        const { runCanGrant } = await import("./run-can-grant.ts");
        await runCanGrant(role, options, context);
      }),
    );
}

const KINDS: Readonly<Record<string, GrantTarget["kind"]>> = {
  user: "User",
  serviceaccount: "ServiceAccount",
  group: "Group",
  accessgroup: "AccessGroup",
};

/** "user:ada", "accessgroup:auditors". */
export function parseGrantTarget(text: string): GrantTarget {
  const [, prefix = "", name = ""] = /^([^:]*):(.*)$/s.exec(text) ?? [];
  const word = prefix.toLowerCase();
  const kind = Object.hasOwn(KINDS, word) ? KINDS[word] : undefined;
  if (kind === undefined || name === "")
    throw new InvalidArgumentError(
      "Write user:NAME, serviceaccount:NAMESPACE/NAME, group:NAME or accessgroup:NAME.",
    );
  return { kind, name };
}

function help(command: string): string {
  return `
Examples:
  ${command} can-grant engineer --subject user:olivia --scope environment/acme-production --to user:elena
  ${command} can-grant owner --subject user:olivia --scope organization/acme --from user:olivia
  ${command} can-grant --list --subject user:olivia --scope organization/acme --folder presets/redox

Exit codes:
  0  yes, or something is listed
  1  no, or nothing is listed
  2  no answer: wrong usage, no sidecar in reach, no policy, or the folder is broken

Environment:
  SIDEGATE_ADDRESS  the sidecar to ask, as --address

docs/reference/delegation.md explains the reasons. They are for operators, not for the subject.
`;
}
