import { type Command, Option } from "commander";
import type { JsonObject } from "../../engine/model/json.ts";
import { collectWhole, parseSubject, type SubjectOption } from "../options.ts";
import { collectFacts } from "./collect-facts.ts";

/** Who asks and under what circumstances, as commands that ask are given it. */
export interface AskerOptions {
  readonly subject?: SubjectOption;
  readonly group?: readonly string[];
  readonly subjectAttribute?: JsonObject;
  readonly resource?: string;
  readonly resourceAttribute?: JsonObject;
  readonly context?: JsonObject;
  readonly role?: readonly string[];
  /** A file with a signed token; "-": standard input. */
  readonly tokenFile?: string;
}

/** Adds these options to a command. A token is never an argument: whoever lists processes would see it. */
export function addAskerOptions(command: Command): Command {
  const facts = (flags: string, description: string) =>
    command.addOption(new Option(flags, description).argParser(collectFacts));
  command
    .addOption(
      new Option("--subject <subject>", "who asks: user:NAME or serviceaccount:NAMESPACE/NAME").argParser(
        parseSubject,
      ),
    )
    .option(
      "--token-file <file>",
      "a signed token that says who asks and narrows; - reads it from standard input",
    )
    .addOption(new Option("--group <name>", "a group of the subject (repeatable)").argParser(collectWhole));
  facts(
    "--subject-attribute <fact>",
    "a fact about the subject: NAME=TEXT, NAME:=JSON or {...} (repeatable)",
  );
  command.option("--resource <name>", "the one resource in question");
  facts("--resource-attribute <fact>", "a fact about the resource (repeatable)");
  facts("--context <fact>", "a fact of this request for conditions (repeatable)");
  return command.addOption(
    new Option("--role <name>", "count only this role's rules (repeatable)").argParser(collectWhole),
  );
}
