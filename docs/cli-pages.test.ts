import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { commandsOf, optionsOf } from "./cli-pages.ts";

const pageOf = (name: string) =>
  readFileSync(join(import.meta.dirname, "reference/cli", `${name}.md`), "utf8");

/** Which flags of a command its page does not name. An option with a short form may be named by that. */
const missing = (page: string, flags: readonly (string | undefined)[]) =>
  flags.every((flag) => flag === undefined || !new RegExp(`${flag}(?![a-z-])`).test(page));

it.each(commandsOf().map((command) => [command.name(), command] as const))(
  "The page of sidegate %s names all its options",
  (name, command) => {
    const page = pageOf(name);
    const unnamed = optionsOf(command)
      .filter(({ long, short }) => missing(page, [long, short]))
      .map(({ flags }) => flags);
    expect(unnamed).toEqual([]);
  },
);
