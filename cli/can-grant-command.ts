import { type Command, InvalidArgumentError, Option } from "commander";
import type { AskerOptions } from "./asking/asker-options.ts";
import { collectFacts } from "./asking/collect-facts.ts";
import type { CliContext } from "./cli-context.ts";
import {
  collectPositions,
  collectWhole,
  type OutputFormat,
  outputOption,
  parseSeconds,
  parseSubject,
  parseTarget,
} from "./options.ts";

/** What `sidegate can-grant` was given. */
export interface CanGrantOptions
  extends Pick<AskerOptions, "subject" | "group" | "subjectAttribute" | "tokenFile"> {
  readonly activeRole?: readonly string[];
  readonly scope: string;
  readonly to?: GrantTarget;
  readonly from?: GrantTarget;
  readonly list?: boolean;
  readonly minPosition?: readonly string[];
  readonly domain?: string;
  readonly address: string;
  readonly folder?: string;
  readonly timeout: number;
  readonly output: OutputFormat;
}

export interface GrantTarget {
  readonly kind: "User" | "ServiceAccount" | "Group" | "AccessGroup";
  readonly name: string;
}

/** `sidegate can-grant`: asks whether somebody may give or take a role, or lists what they may. */
export function canGrantCommand(program: Command, context: CliContext): void {
  program
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
    .requiredOption(
      "--scope <scope>",
      "where: platform, organization/NAME, workspace/NAME or environment/NAME",
    )
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
    .action(async (role: string | undefined, options: CanGrantOptions) => {
      const { runCanGrant } = await import("./can-grant.ts");
      await runCanGrant(role, options, context);
    });
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
