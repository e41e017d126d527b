import type { Holding } from "../../client/lists.ts";
import { meanings } from "../check/check-outcome.ts";
import type { ListResult } from "./list-result.ts";

/** The list as scripts read it: times in RFC 3339. */
export function toRecord({ entries, ...page }: ListResult): object {
  return {
    entries: entries.map(({ about, holding }) => ({ ...about, ...recordOf(holding) })),
    ...page,
  };
}

function recordOf(holding: Holding): object {
  if (holding.certainty === "Conditional") return holding;
  return { certainty: "Always", ...(holding.until !== undefined && { until: timeOf(holding.until) }) };
}

/** The list for people, in columns. */
export function formatList({ entries, more, revisions, obstacle }: ListResult): string {
  const rows = entries.map(
    ({ about, holding }) => [Object.values(about).join(":"), describe(holding)] as const,
  );
  const width = Math.max(0, ...rows.map(([about]) => about.length));
  const lines = rows.map(([about, held]) => `${about.padEnd(width)}  ${held}\n`);
  if (entries.length === 0)
    lines.push(obstacle === undefined ? "nothing\n" : `nothing: ${meanings[obstacle] ?? obstacle}\n`);
  if (more) lines.push("... and more; raise --limit\n");
  return `${lines.join("")}\n  ${revisions.length > 1 ? "revisions" : "revision"}  ${revisions.join(", ")}\n`;
}

function describe(holding: Holding): string {
  if (holding.certainty === "Always")
    return holding.until === undefined ? "always" : `until ${timeOf(holding.until)}`;
  const parts = holding.dependsOn.map(({ kind, detail }) => `${words[kind] ?? kind} ${detail}`);
  return parts.length === 0 ? "perhaps" : `perhaps: ${parts.join("; ")}`;
}

const words: Readonly<Record<string, string>> = {
  Names: "named",
  DenyNames: "not named",
  Condition: "if",
  DenyCondition: "unless",
  Group: "in group",
  TokenAttribute: "by the token and the attribute",
  Operator: "asked by the operator for",
  More: "and",
};

function timeOf(milliseconds: number): string {
  return new Date(milliseconds).toISOString().replace(".000Z", "Z");
}
