import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { crds } from "../../crds/definitions.ts";
import type { SidegateObject } from "../../engine/model/objects.generated.ts";
import { createManifestValidator } from "../../engine/validate/manifest-validator.ts";
import { engineEvaluator } from "../golden/engine-evaluator.ts";
import type { Evaluator } from "../golden/run-golden.ts";
import { startWire, type Wire } from "../golden/wire-evaluator.ts";
import { type CasbinCase, casbinCases } from "./casbin-cases.ts";
import { reasons } from "./casbin-model.ts";
import { row, sectionOf } from "./page.ts";
import { describeVectors } from "./vectors.ts";

/** The day of the commit that the assertions are from: some hang on the time. */
const NOW = Date.parse("2026-05-06T00:00:00Z");

type Said = CasbinCase & { readonly reason?: undefined; readonly objects: readonly SidegateObject[] };

describeVectors("The assertions of casbin's own tests", "casbin", (folder) => {
  const cases = casbinCases(folder);
  const said = cases.filter((each): each is Said => each.reason === undefined);
  const byTest = [...Map.groupBy(said, (each) => each.test)];
  const worlds = [...new Set(said.map(({ objects }) => objects))];

  describe("in the engine", () => {
    test.each(byTest)("%s", async (_test, cases) => {
      expect(await differing(engineEvaluator, cases)).toEqual([]);
    });
  });

  describe("over the wire", () => {
    let wire: Wire;
    beforeAll(async () => {
      wire = await startWire(worlds);
    });
    afterAll(() => wire.stop());

    test.each(byTest)("%s", async (_test, cases) => {
      expect(await differing(wire.decisions, cases)).toEqual([]);
    });
  });

  test("are said in valid manifests", () => {
    const validator = createManifestValidator(crds);
    expect(worlds.flatMap((objects) => objects.flatMap((object) => validator.validate(object)))).toEqual([]);
  });

  test("have the counts that the page of conformance says", () => {
    const page = sectionOf("casbin");
    const inTests = new Set(cases.map((each) => each.test)).size;
    expect(page).toContain(row("assertions", cases.length));
    expect(page).toContain(row("tests that they stand in", inTests));
    expect(page).toContain(
      row("said in manifests, and decided so in the engine and over the wire", said.length),
    );
    expect(page).toContain(row("manifest worlds that they need", worlds.length));
    for (const reason of Object.values(reasons)) {
      const left = cases.filter((each) => each.reason === reason);
      expect(page).toContain(row(left.length, reason).slice(0, -2));
    }
    expect(cases.filter(({ reason }) => reason && !Object.values<string>(reasons).includes(reason))).toEqual(
      [],
    );
  });
});

/** The cases that are decided otherwise than casbin does. */
async function differing(evaluator: Evaluator, cases: readonly Said[]) {
  const wrong = [];
  for (const { objects, ask, request, expect: wanted } of cases) {
    const world = await evaluator.load(objects);
    const { outcome } = await world.decide(ask, NOW);
    if ((outcome === "Allowed") !== wanted) wrong.push({ request, wanted, outcome });
  }
  return wrong;
}
