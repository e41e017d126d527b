import type { CaseList } from "../../cli/cases/case-world.ts";
import type { Explained, NeededChange } from "../../client/explain.ts";
import type { Grantable } from "../../client/grants.ts";
import type { Dependency } from "../../client/lists.ts";
import type { CaseExplanation } from "./run-explanations.ts";

/** Answers of the engine, the client and the command line in the form of the cases. */

/** A holding as any of them has it. */
type AnyHolding =
  | { readonly certainty: "Always"; readonly until?: number | undefined }
  | { readonly certainty: "Conditional"; readonly dependsOn: readonly Dependency[] };

/** @param entries in the order of the list */
export function toCaseList(entries: readonly (readonly [string, AnyHolding])[]): CaseList {
  return {
    always: new Map(
      entries.flatMap(([entry, holding]) =>
        holding.certainty === "Always"
          ? [[entry, Number.isFinite(holding.until) ? holding.until : undefined]]
          : [],
      ),
    ),
    conditional: new Map(
      entries.flatMap(([entry, holding]) =>
        holding.certainty === "Conditional" ? [[entry, holding.dependsOn]] : [],
      ),
    ),
    order: entries.map(([entry]) => entry),
  };
}

export function toCaseGrantable(entries: readonly Grantable[]): { give: string[]; take: string[] } {
  const write = ({ role, scope }: Grantable) => `${role} at ${scope}`;
  return {
    give: entries.filter(({ give }) => give).map(write),
    take: entries.filter(({ take }) => take).map(write),
  };
}

/** @param outcome Allowed or the reason of the denial */
export function toCaseExplanation(
  outcome: string,
  { grants, nearestMisses }: Pick<Explained, "grants" | "nearestMisses">,
): CaseExplanation {
  return {
    outcome,
    grants: grants.map(({ binding, role, ruleRole, rule, scope, subject, effect }) => ({
      ...{ binding: binding.name, role: role.name, ruleRole: ruleRole.name, rule, scope, subject, effect },
      provenance: binding.provenance,
    })),
    nearestMisses: nearestMisses.map(({ changes }) => changes.map(writeChange)),
  };
}

function writeChange({ kind, objects, role, scope, grantors }: NeededChange) {
  const names = objects.map((object) => `${object.kind}/${object.name}`);
  return { kind, objects: names.toSorted(), role, scope, grantors: grantors.toSorted() };
}
