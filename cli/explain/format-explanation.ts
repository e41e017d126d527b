import type { ExplainedGrant, NeededChange, ObjectRef } from "../../client/explain.ts";
import { meanings } from "../check/check-outcome.ts";
import { formatLabels } from "../format-labels.ts";
import type { ExplainOutcome } from "./ask-why.ts";

/** An explanation for people. */
export function formatExplanation(outcome: ExplainOutcome): string {
  const {
    decision,
    subject,
    permission,
    scope,
    reason,
    level,
    revision,
    token,
    conflict,
    grants,
    nearestMisses,
  } = outcome;
  const meaning = meanings[reason];
  return [
    `${decision}  ${subject} ${permission} ${scope}`,
    formatLabels([
      ["reason", meaning === undefined ? reason : `${reason}: ${meaning}`],
      ["level", level],
      ["token", token === "" ? undefined : token],
      ["conflict", conflict === "" ? undefined : conflict],
      ["revision", revision],
    ]).trimEnd(),
    ...formatGrants(grants, reason),
    ...formatMisses(nearestMisses.map(({ changes }) => changes)),
    "",
  ].join("\n");
}

/** Reasons that are found before grants are looked at. */
const earlier = new Set(["Stale", "InvalidToken", "UnknownScope", "UnknownPermission", "WrongLevel"]);

function formatGrants(grants: readonly ExplainedGrant[], reason: string): string[] {
  if (grants.length === 0)
    return earlier.has(reason) ? [] : ["", "No grant of the subject has a rule for it."];
  return ["", "Grants with a rule for it:", ...grants.flatMap(formatGrant)];
}

function formatGrant({
  effect,
  binding,
  role,
  ruleRole,
  rule,
  scope,
  subject,
  detail,
}: ExplainedGrant): string[] {
  const from =
    ruleRole.name === role.name ? `rule ${rule}` : `rule ${rule} of ${ruleRole.name}, which it includes`;
  return [
    `  ${effect}  ${describe(binding)}: role ${role.name} (${from}) at ${scope}, to ${subject}`,
    ...(detail === "" ? [] : [`      ${detail}`]),
  ];
}

function describe({ kind, name, provenance }: ObjectRef): string {
  return provenance === "" ? `${kind} ${name}` : `${kind} ${name} (${provenance})`;
}

function formatMisses(misses: readonly (readonly NeededChange[])[]): string[] {
  if (misses.length === 0) return [];
  const many = (misses[0]?.length ?? 0) > 1 ? "All of one group would be needed." : "One of these would do.";
  return ["", `What would allow it. ${many}`, ...misses.flatMap(formatMiss)];
}

function formatMiss(changes: readonly NeededChange[]): string[] {
  return changes.flatMap(({ message, grantors, moreGrantors, kind }, index) => [
    `  ${index === 0 ? "-" : " "} ${message}`,
    ...(kind === "Grant" ? [`      ${formatGrantors(grantors, moreGrantors)}`] : []),
  ]);
}

function formatGrantors(grantors: readonly string[], more: boolean): string {
  if (grantors.length === 0) return "nobody's role gives it; whoever may write bindings can";
  return `could be given by ${grantors.join(", ")}${more ? " and others" : ""}`;
}
