import type { ExplainOutcome } from "../../cli/explain/ask-why.ts";
import type { GrantAnswer, Grantable } from "../../client/grants.ts";
import type { Dependency } from "../../client/lists.ts";
import type { SidegateObject } from "../../engine/model/objects.generated.ts";
import { CommandFolder, type Printed } from "./folder-command.ts";
import type { ExplainEvaluator } from "./run-explanations.ts";
import type { GrantEvaluator } from "./run-grants.ts";
import type { ListEvaluator } from "./run-lists.ts";
import { toCaseExplanation, toCaseGrantable, toCaseList } from "./write-answers.ts";

/** An entry of a list as it is printed. */
interface PrintedEntry {
  readonly permission?: string;
  readonly kind?: string;
  readonly name?: string;
  readonly scope?: string;
  readonly certainty: "Always" | "Conditional";
  readonly until?: string;
  readonly dependsOn?: readonly Dependency[];
}

/** `sidegate can-grant`, `list` and `explain` on a folder. */
export const cliAnswers: GrantEvaluator & ListEvaluator & ExplainEvaluator = {
  name: "Command line",

  canGrant: (objects, { actor, verb, role, target }, now) =>
    inFolder(objects, async (folder) => {
      const options = [
        ...[...folder.optionsOf(actor, "--active-role"), "--scope", actor.scope],
        ...[verb === "Give" ? "--to" : "--from", `${target.kind.toLowerCase()}:${target.name}`],
      ];
      const printed = await folder.run(["can-grant"], options, [role], now);
      if (printed === "InvalidRequest") return printed;
      const { allowed, reason = "" } = printed.output as GrantAnswer;
      expectCode(printed, allowed);
      return allowed ? "Allowed" : reason;
    }),

  listGrantable: (objects, actor, now) =>
    inFolder(objects, async (folder) => {
      const options = [...folder.optionsOf(actor, "--active-role"), "--scope", actor.scope, "--list"];
      const printed = (await folder.run(["can-grant"], options, [], now)) as Printed;
      const { entries } = printed.output as { readonly entries: readonly Grantable[] };
      expectCode(printed, entries.length > 0);
      return toCaseGrantable(entries);
    }),

  list: (objects, { form, query, now }) =>
    inFolder(objects, async (folder) => {
      const options = [...folder.optionsOf(query), ...(form === "scopes" ? [] : ["--scope", query.scope])];
      const operands = query.permission === "" ? [] : [query.permission];
      const printed = (await folder.run(["list", form], options, operands, now)) as Printed;
      const { entries } = printed.output as { readonly entries: readonly PrintedEntry[] };
      expectCode(printed, entries.length > 0);
      return toCaseList(entries.map((entry) => [nameOf(entry), holdingOf(entry)]));
    }),

  explain: (objects, request, now) =>
    inFolder(objects, async (folder) => {
      const options = [...folder.optionsOf(request), "--scope", request.scope];
      const printed = (await folder.run(["explain"], options, [request.permission], now)) as Printed;
      const explained = printed.output as ExplainOutcome;
      expectCode(printed, explained.allowed);
      return toCaseExplanation(explained.reason, explained);
    }),
};

async function inFolder<T>(
  objects: readonly SidegateObject[],
  ask: (folder: CommandFolder) => Promise<T>,
): Promise<T> {
  const folder = new CommandFolder(objects);
  try {
    return await ask(folder);
  } finally {
    folder.remove();
  }
}

function expectCode({ code }: Printed, isYes: boolean): void {
  if (code !== (isYes ? 0 : 1)) throw new Error(`The exit code is ${code}`);
}

function nameOf({ permission, kind, name, scope }: PrintedEntry): string {
  return permission ?? scope ?? `${kind?.toLowerCase()}:${name}`;
}

function holdingOf({ certainty, until, dependsOn = [] }: PrintedEntry) {
  return certainty === "Conditional"
    ? { certainty, dependsOn }
    : { certainty, until: until === undefined ? undefined : Date.parse(until) };
}
