import { describe, expect, test } from "vitest";
import type { CaseDependency, CaseList, CaseWorld, ListCase } from "../../cli/cases/case-world.ts";
import type { SidegateObject } from "../../engine/model/objects.generated.ts";

/** Something that lists what is held. */
export interface ListEvaluator {
  readonly name: string;
  /**
   * @param objects of a domain, as a folder of manifests declares them
   * @returns the whole list
   */
  list(
    objects: readonly SidegateObject[],
    asked: Pick<ListCase, "form" | "query" | "now">,
  ): Promise<CaseList>;
}

/** Makes a test of each case about a list. */
export function runLists(evaluator: ListEvaluator, worlds: readonly CaseWorld[]): void {
  for (const { file, title, listCases } of worlds) {
    if (listCases.length === 0) continue;
    describe(`${evaluator.name}: ${file}, ${title}`, () => {
      for (const { name, objects, want, ...asked } of listCases) {
        test(name, async () => {
          const got = await evaluator.list(objects, asked);
          expect(comparable(got, want)).toEqual(comparable(want, got));
        });
      }
    });
  }
}

/** A list without what the other one does not look at or does not know. */
function comparable(list: CaseList, other: CaseList): object {
  const conditional = [...list.conditional].map(([entry, dependencies]) => {
    const others = other.conditional.get(entry);
    const isCompared = dependencies !== undefined && (others !== undefined || !other.conditional.has(entry));
    return [entry, isCompared ? comparableDependencies(dependencies, others ?? []) : "any"];
  });
  return {
    always: Object.fromEntries(list.always),
    conditional: Object.fromEntries(conditional),
    order: other.order && list.order,
  };
}

function comparableDependencies(
  dependencies: readonly CaseDependency[],
  others: readonly CaseDependency[],
): string[] {
  const isKindAlone = ({ kind }: CaseDependency) =>
    others.some((other) => other.kind === kind && other.detail === undefined);
  return dependencies
    .map((dependency) =>
      dependency.detail === undefined || isKindAlone(dependency)
        ? dependency.kind
        : `${dependency.kind} ${dependency.detail}`,
    )
    .toSorted();
}
