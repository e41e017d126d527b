import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Check } from "../../client/check.ts";
import { CheckFailedError } from "../../client/errors.ts";
import { crds } from "../../crds/definitions.ts";
import { decide } from "../../engine/decide/decide.ts";
import { loadCompiled } from "../../engine/policy/load-compiled.ts";
import { createManifestValidator } from "../../engine/validate/manifest-validator.ts";
import { compile } from "../properties/engine.ts";
import { authzenFiles, readAuthzen, type WantedDecision } from "./authzen-data.ts";
import { authzenWorld, toCheck } from "./authzen-world.ts";
import { row, sectionOf } from "./page.ts";
import { describeVectors } from "./vectors.ts";
import { startVectorSidecar, type VectorSidecar } from "./vectors-sidecar.ts";

const NOW = Date.parse("2026-01-01T00:00:00Z");

describeVectors("The decisions of AuthZEN's interop scenarios", "authzen", (folder) => {
  describe.each(authzenFiles)("$file", ({ file, scenario }) => {
    const { decisions, batches } = readAuthzen(folder, file);
    const ids = [...new Set(decisions.map(({ request }) => request.subject.id))];
    const objects = authzenWorld(scenario, ids);
    const policy = loadCompiled(compile(objects));
    let sidecar: VectorSidecar;
    beforeAll(async () => {
      sidecar = await startVectorSidecar(objects);
    });
    afterAll(() => sidecar.stop());

    test("are said in valid manifests", () => {
      const validator = createManifestValidator(crds);
      expect(objects.flatMap((object) => validator.validate(object))).toEqual([]);
    });

    test("are made so in the engine", () => {
      const all = [...decisions, ...batches.flat()];
      const made = all.map(({ request }) => {
        return decide(policy, toDecisionRequest(toCheck(request)), NOW).outcome === "Allowed";
      });
      expect(made).toEqual(wantedOf(all));
    });

    test("are made so over the wire, one by one", async () => {
      const made = [];
      for (const { request } of decisions) made.push((await sidecar.client.check(toCheck(request))).allowed);
      expect(made).toEqual(wantedOf(decisions));
    });

    test("are made so over the wire in batches, its own and all at once", async () => {
      for (const batch of [...batches, decisions]) {
        const answers = await sidecar.client.batchCheck(batch.map(({ request }) => toCheck(request)));
        const made = answers.map((each) => (each instanceof CheckFailedError ? each : each.allowed));
        expect(made).toEqual(wantedOf(batch));
      }
    });

    test("have the counts that the page of conformance says", () => {
      const inBatches = batches.flat().length;
      const sums = [decisions.length, batches.length, inBatches];
      expect(sectionOf("AuthZEN")).toContain(row(`\`${file}\``, ...sums, decisions.length + inBatches));
    });
  });
});

function wantedOf(decisions: readonly WantedDecision[]): boolean[] {
  return decisions.map(({ wanted }) => wanted);
}

function toDecisionRequest({ subject, permission, scope, resource }: Check) {
  return {
    ...{ subjectKind: subject!.kind, subjectName: subject!.name, groups: [], activeRoles: [] },
    ...{ permission, scope, resourceName: resource!.name!, resourceAttributes: resource!.attributes },
  };
}
