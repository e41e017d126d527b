import fc from "fast-check";
import { beforeAll, expect, test } from "vitest";
import { crds } from "../../crds/definitions.ts";
import { type Kind, plurals } from "../../engine/model/objects.generated.ts";
import { formatProblem } from "../../engine/validate/manifest-problem.ts";
import { createManifestValidator } from "../../engine/validate/manifest-validator.ts";
import { readManifestRows } from "../manifests/manifest-row.ts";
import { mutated } from "../manifests/mutations.ts";
import { ApiServer } from "./api-server.ts";
import { applyCrds } from "./apply-crds.ts";

const RUNS = Number(process.env.SIDEGATE_RUNS ?? 500);

const server = new ApiServer(process.env.KUBECONFIG ?? "");
const validator = createManifestValidator(crds);

beforeAll(() => applyCrds(server));

test("manifests mutated at random are judged alike by offline validation and a real API server", async () => {
  const accepted = readManifestRows().filter((row) => row.refused === undefined && row.title.length > 0);
  const small = accepted
    .map((row) => row.manifest)
    .filter((manifest) => JSON.stringify(manifest).length < 2000);
  await fc.assert(
    fc.asyncProperty(mutated(small), async (manifest) => {
      const { object, problems } = validator.check(manifest);
      const plural = plurals[manifest.kind as Kind];
      const { status, body } = await server.call({
        method: "POST",
        path: `/apis/sidegate.dev/v1alpha1/namespaces/default/${plural}?dryRun=All&fieldValidation=Strict`,
        body: manifest,
      });
      const said = { offline: problems.map(formatProblem), server: body.message };
      expect({ accepted: object !== undefined, spec: object?.spec, ...said }).toEqual({
        accepted: status === 201,
        spec: status === 201 ? body.spec : undefined,
        ...said,
      });
    }),
    { numRuns: RUNS },
  );
}, 600_000);
