import type { CaseList } from "../../cli/cases/case-world.ts";
import type { Dependency } from "../../client/lists.ts";

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

interface AnyChange {
  readonly kind: string;
  readonly objects: readonly { readonly kind: string; readonly name: string }[];
  readonly role: string;
  readonly scope: string;
  readonly grantors: readonly string[];
}

export function writeChange({ kind, objects, role, scope, grantors }: AnyChange) {
  const names = objects.map((object) => `${object.kind}/${object.name}`);
  return { kind, objects: names.toSorted(), role, scope, grantors: grantors.toSorted() };
}
