import { describe, expect, test } from "vitest";
import type { ChangeDocument, ExplainWantDocument } from "../../cli/cases/case-file.ts";
import type { CaseRequest, CaseWorld } from "../../cli/cases/case-world.ts";
import type { SidegateObject } from "../../engine/model/objects.generated.ts";

/** An explanation as cases look at it. */
export interface CaseExplanation {
  /** Allowed or the reason of the denial. */
  readonly outcome: string;
  readonly grants: readonly { readonly [field: string]: string | number }[];
  /** Objects written "Kind/name", in ascending order, and grantors too. */
  readonly nearestMisses: readonly (readonly Required<ChangeDocument>[])[];
}

/** Something that explains decisions. */
export interface ExplainEvaluator {
  readonly name: string;
  /** @param objects of a domain, as a folder of manifests declares them */
  explain(objects: readonly SidegateObject[], request: CaseRequest, now: number): Promise<CaseExplanation>;
}

/** Makes a test of each case about an explanation. */
export function runExplanations(evaluator: ExplainEvaluator, worlds: readonly CaseWorld[]): void {
  for (const { file, title, explainCases } of worlds) {
    if (explainCases.length === 0) continue;
    describe(`${evaluator.name}: ${file}, ${title}`, () => {
      for (const { name, objects, request, now, want } of explainCases) {
        test(name, async () => check(await evaluator.explain(objects, request, now), want));
      }
    });
  }
}

function check(got: CaseExplanation, want: ExplainWantDocument): void {
  expect(got.outcome).toBe(want.decision === "allow" ? "Allowed" : want.decision.deny);
  const { grants = [], nearestMisses = [], only = false } = want;
  for (const grant of grants) expect(got.grants).toContainEqual(expect.objectContaining(grant));
  const misses = nearestMisses.map((changes) => changes.map(sorted));
  for (const changes of misses) {
    const isThere = got.nearestMisses.some(
      (miss) =>
        miss.length === changes.length && changes.every((change) => miss.some((one) => holds(one, change))),
    );
    // What is there makes the better message.
    if (!isThere) expect(got.nearestMisses).toContainEqual(changes);
  }
  if (!only) return;
  expect(got.grants).toHaveLength(grants.length);
  expect(got.nearestMisses).toHaveLength(misses.length);
}

function sorted(change: ChangeDocument): ChangeDocument {
  return {
    ...change,
    ...(change.objects && { objects: change.objects.toSorted() }),
    ...(change.grantors && { grantors: change.grantors.toSorted() }),
  };
}

function holds(one: ChangeDocument, wanted: ChangeDocument): boolean {
  return Object.entries(wanted).every(
    ([field, value]) => JSON.stringify(one[field as keyof ChangeDocument]) === JSON.stringify(value),
  );
}
