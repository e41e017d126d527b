/** The pages of docs/reference/cli that are made from the commands themselves, and the list of environment variables. */
import type { Command, Option } from "commander";
import pino from "pino";
import type { CliContext } from "../cli/cli-context.ts";
import { createProgram } from "../cli/create-program.ts";

/** Commands whose pages a person writes, since there is more to say than what help says. */
const written = new Set(["check", "diff", "fleet", "lint", "matrix", "test", "uninstall"]);

/** Variables that no option stands for. */
const otherVariables = [
  ["KUBECONFIG", "`operator`, `diff`, `fleet`, `uninstall`, and what takes `--pod`", "`--kubeconfig`"],
  ["XDG_RUNTIME_DIR", "`dev`, and what asks it", "the directory in which this user's socket is"],
] as const;

/** What the client library reads, and injection sets in the application's containers. */
const clientVariables = [
  ["SIDEGATE_ADDRESS", "where the sidecar answers: `unix:///run/sidegate/sidegate.sock`"],
  ["SIDEGATE_TOKEN_FILE", "mode `node`: the token by which the sidecar of the node knows the pod"],
  ["SIDEGATE_DOMAIN", "mode `node`: the domain, where it is not the namespace of the pod"],
] as const;

/**
 * The commands of the program with all their options, as they would be called.
 *
 * @param print takes what help prints
 */
export function commandsOf(print: (text: string) => void = () => {}): readonly Command[] {
  const unused = () => {
    throw new Error("A command was run to be described");
  };
  const context: CliContext = {
    print,
    complain: print,
    clock: { now: unused, monotonicNow: unused } as unknown as CliContext["clock"],
    random: unused,
    version: "",
    command: "sidegate",
    hostname: "",
    pid: 0,
    privateDirectory: "",
    stopping: new AbortController().signal,
    createLog: () => pino({ level: "silent" }),
    exit: unused,
  };
  return createProgram(context).commands;
}

/** The options of a command and of those below it, without --help. */
export function optionsOf(command: Command): readonly Option[] {
  return [...command.options, ...command.commands.flatMap(optionsOf)];
}

/** The generated pages, path below docs/ to content. @param note says that they are generated */
export function cliPages(note: string): [string, string][] {
  let printed = "";
  const commands = commandsOf((text) => {
    printed += text;
  });
  const helpAfter = (command: Command) => {
    printed = "";
    command.outputHelp();
    return printed.slice(command.helpInformation().length).trim();
  };
  const pages = commands
    .filter((command) => !written.has(command.name()))
    .map((command): [string, string] => [
      `reference/cli/${command.name()}.md`,
      commandPage(command, helpAfter(command), note),
    ]);
  return [
    ...pages,
    ["reference/cli/README.md", indexPage(commands, note)],
    ["reference/environment.md", environmentPage(commands, note)],
  ];
}

function commandPage(command: Command, after: string, note: string): string {
  const parts = [
    `# sidegate ${command.name()}`,
    note,
    command.description(),
    ...(command.commands.length > 0
      ? command.commands.map((sub) => section(sub, `sidegate ${command.name()} ${sub.name()}`))
      : [usage(command, `sidegate ${command.name()}`), tables(command)]),
    `\`\`\`text\n${after}\n\`\`\``,
  ];
  return `${parts.join("\n\n")}\n`;
}

function section(command: Command, name: string): string {
  return [`## ${name}`, command.description(), usage(command, name), tables(command)].join("\n\n");
}

function usage(command: Command, name: string): string {
  return `    ${[name, command.usage()].join(" ")}`;
}

function tables(command: Command): string {
  const rows = command.registeredArguments.map(
    (argument) => `| ${code(argument.name())} | | | ${cell(argument.description)} |`,
  );
  const options = command.options.map(
    (option) =>
      `| ${code(option.flags)} | ${defaultOf(option)} | ${option.envVar === undefined ? "" : code(option.envVar)} | ${cell(meaning(option))} |`,
  );
  return [
    "| argument or option | default | variable | meaning |",
    "|---|---|---|---|",
    ...rows,
    ...options,
  ].join("\n");
}

function meaning({ description, argChoices }: Option): string {
  return argChoices === undefined ? description : `${description}: ${argChoices.map(code).join(", ")}`;
}

function defaultOf({ defaultValue, defaultValueDescription }: Option): string {
  if (defaultValue === undefined || (Array.isArray(defaultValue) && defaultValue.length === 0)) return "";
  return code(defaultValueDescription ?? String(defaultValue));
}

function indexPage(commands: readonly Command[], note: string): string {
  const rows = commands.map(
    (command) => `| [${command.name()}](${command.name()}.md) | ${cell(command.summary())} |`,
  );
  return `# The command line

${note}

\`sidegate COMMAND\`; with the folder \`cli\` on the PATH also \`kubectl sidegate COMMAND\`. Every command exits with 0 for yes or done, 1 for no (denied,
problems found) and 2 if it could not tell. Options win over [environment variables](../environment.md).

| command | what it does |
|---|---|
${rows.join("\n")}
`;
}

function environmentPage(commands: readonly Command[], note: string): string {
  const found = new Map<string, { commands: Set<string>; flags: Set<string> }>();
  for (const command of commands) {
    for (const option of optionsOf(command)) {
      if (option.envVar === undefined) continue;
      const entry = found.get(option.envVar) ?? { commands: new Set(), flags: new Set() };
      entry.commands.add(command.name());
      entry.flags.add(option.long ?? option.flags);
      found.set(option.envVar, entry);
    }
  }
  const rows = [...found]
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, entry]) => `| ${code(name)} | ${codes(entry.commands)} | ${codes(entry.flags)} |`);
  const others = otherVariables.map(([name, used, what]) => `| ${code(name)} | ${used} | ${what} |`);
  return `# Environment variables

${note}

Of the command line. An option that is given wins. Where an option may be given several times, the variable has commas between its
entries.

| variable | read by | as |
|---|---|---|
${[...rows, ...others].join("\n")}

Of the client library in an application. [Injection](injection.md) sets them unless the container does.

| variable | meaning |
|---|---|
${clientVariables.map(([name, what]) => `| ${code(name)} | ${what} |`).join("\n")}

Those of the tests are in [CONTRIBUTING.md](../../CONTRIBUTING.md).
`;
}

const code = (text: string) => `\`${text.replaceAll("|", "\\|")}\``;
const codes = (texts: Iterable<string>) => [...texts].map(code).join(", ");
const cell = (text: string) => text.replaceAll("|", "\\|").replaceAll("\n", " ");
