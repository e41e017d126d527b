import { describe, expect, test } from "vitest";
import type { CaseRequest, CaseWorld, GrantableCase, GrantCase } from "../../cli/cases/case-world.ts";
import type { SidegateObject } from "../../engine/model/objects.generated.ts";

/** Something that knows who may give and take what. */
export interface GrantEvaluator {
  readonly name: string;
  /**
   * @param objects of a domain, as a folder of manifests declares them
   * @param now milliseconds since 1970
   * @returns "Allowed", "InvalidRequest" or the reason; "Refused" from one that gives none
   */
  canGrant(objects: readonly SidegateObject[], question: GrantCase["question"], now: number): Promise<string>;
  listGrantable(
    objects: readonly SidegateObject[],
    actor: CaseRequest,
    now: number,
  ): Promise<GrantableCase["want"]>;
}

/** Makes a test of each case about what may be given. */
export function runGrants(evaluator: GrantEvaluator, worlds: readonly CaseWorld[]): void {
  for (const { file, title, grantCases, grantableCases } of worlds) {
    if (grantCases.length + grantableCases.length === 0) continue;
    describe(`${evaluator.name}: ${file}, ${title}`, () => {
      for (const { name, objects, question, now, want } of grantCases) {
        test(name, async () => {
          const answer = await evaluator.canGrant(objects, question, now);
          if (answer === "Refused") expect(want).not.toBe("Allowed");
          else expect(answer).toBe(want);
        });
      }
      for (const { name, objects, actor, now, want } of grantableCases) {
        test(name, async () => {
          const got = await evaluator.listGrantable(objects, actor, now);
          expect({ give: got.give.toSorted(), take: got.take.toSorted() }).toEqual({
            give: want.give.toSorted(),
            take: want.take.toSorted(),
          });
        });
      }
    });
  }
}
