import type { GrantAnswer, Grantable } from "../../client/grants.ts";
import { SidegateError } from "../../engine/errors/sidegate-error.ts";
import { type Asker, formatAsker, readAsker } from "../asking/read-asker.ts";
import { type CliContext, exitCodes } from "../cli-context.ts";
import { formatResult } from "../format-result.ts";
import type { CanGrantOptions, GrantTarget } from "./can-grant-options.ts";
import { folderGrants, type GrantSource, sidecarGrants } from "./grant-source.ts";

/** The answer as it is printed. */
interface GrantOutcome extends GrantAnswer {
  readonly subject: string;
  readonly verb: "Give" | "Take";
  readonly role: string;
  readonly scope: string;
  readonly target: string;
}

/** Asks for one answer, or lists what may be given and taken. */
export async function runCanGrant(
  role: string | undefined,
  options: CanGrantOptions,
  context: CliContext,
): Promise<void> {
  const move = chooseMove(role, options);
  const { activeRole, ...asker } = options;
  const who = await readAsker({ ...asker, ...(activeRole && { role: activeRole }) });
  const source =
    options.folder === undefined
      ? sidecarGrants(options, who, context)
      : await folderGrants(options.folder, options, who, context);
  try {
    if (move === undefined) await printList(source, role, options, context);
    else await printAnswer(source, move, who, options, context);
  } finally {
    source.close();
  }
}

/** What is asked about. */
interface Move {
  readonly verb: "Give" | "Take";
  readonly role: string;
  readonly target: GrantTarget;
}

/** Undefined: a list is asked for. */
function chooseMove(role: string | undefined, { to, from, list }: CanGrantOptions): Move | undefined {
  if (list) return undefined;
  const target = to ?? from;
  if (role !== undefined && target !== undefined)
    return { verb: to === undefined ? "Take" : "Give", role, target };
  const lacking = role === undefined ? "the role" : "whom to give it to (--to) or take it from (--from)";
  throw new SidegateError("SG5001", `name ${lacking}, or ask for a list with --list`);
}

async function printAnswer(
  source: GrantSource,
  { verb, role, target }: Move,
  who: Asker,
  { scope, output }: CanGrantOptions,
  context: CliContext,
): Promise<void> {
  const answer = await source.canGrant(verb, role, target);
  const outcome: GrantOutcome = {
    ...{ subject: formatAsker(who), verb, role, scope, target: `${target.kind}:${target.name}` },
    ...answer,
  };
  context.print(formatResult(output, outcome, formatOutcome));
  context.exit(answer.allowed ? exitCodes.ok : exitCodes.no);
}

function formatOutcome(outcome: GrantOutcome): string {
  const { allowed, subject, verb, role, scope, target, reason, message } = outcome;
  const whom = verb === "Give" ? "to" : "from";
  const line = `${allowed ? "yes" : "no"}  ${subject} ${verb} ${role} ${whom} ${target} ${scope}\n`;
  return allowed ? line : `${line}  ${reason}: ${message}\n`;
}

async function printList(
  source: GrantSource,
  role: string | undefined,
  { output }: CanGrantOptions,
  context: CliContext,
): Promise<void> {
  const entries: Grantable[] = [];
  for await (const entry of source.list()) if (role === undefined || entry.role === role) entries.push(entry);
  context.print(formatResult(output, { entries }, () => formatEntries(entries)));
  context.exit(entries.length > 0 ? exitCodes.ok : exitCodes.no);
}

function formatEntries(entries: readonly Grantable[]): string {
  if (entries.length === 0) return "nothing\n";
  const widthOf = (texts: readonly string[]) => Math.max(...texts.map((text) => text.length));
  const [scopes, roles] = [
    widthOf(entries.map(({ scope }) => scope)),
    widthOf(entries.map(({ role }) => role)),
  ];
  return entries
    .map(({ scope, role, give, take }) => {
      const verbs = [...(give ? ["Give"] : []), ...(take ? ["Take"] : [])].join(", ");
      return `${scope.padEnd(scopes)}  ${role.padEnd(roles)}  ${verbs}\n`;
    })
    .join("");
}
