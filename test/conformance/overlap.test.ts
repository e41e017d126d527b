import { readFileSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { crds } from "../../crds/definitions.ts";
import { createManifestValidator } from "../../engine/validate/manifest-validator.ts";
import { askCasbin } from "./casbin-peer.ts";
import { askCedar } from "./cedar-peer.ts";
import { type OverlapRequest, type OverlapWorld, overlapWorld, requestsTo } from "./overlap.ts";
import { type Answer, askSidegate, toObjects } from "./overlap-objects.ts";
import { row, sectionOf } from "./page.ts";

/** Requests to each world. */
const REQUESTS = 40;

/** Worlds that each engine is asked about in a normal run; SIDEGATE_RUNS sets another number. */
const WORLDS = { casbin: 250, cedar: 150 };
const asked = process.env.SIDEGATE_RUNS;

const { devDependencies } = JSON.parse(
  readFileSync(join(import.meta.dirname, "../../package.json"), "utf8"),
) as { readonly devDependencies: Readonly<Record<string, string>> };

const worldWithRequests = overlapWorld.chain((world) =>
  requestsTo(world, REQUESTS).map((requests) => ({ world, requests })),
);

type Ask = (world: OverlapWorld, requests: readonly OverlapRequest[]) => unknown;

/** Compares Sidegate's answers with another engine's. @param reduce what of an answer the other engine tells */
async function compare(worlds: number, reduce: (answer: Answer) => unknown, ask: Ask): Promise<Answer[]> {
  const answers: Answer[] = [];
  const agreement = fc.asyncProperty(worldWithRequests, async ({ world, requests }) => {
    const own = askSidegate(world, requests);
    answers.push(...own);
    expect(await ask(world, requests)).toEqual(own.map(reduce));
  });
  await fc.assert(agreement, { numRuns: worlds });
  return answers;
}

describe.each([
  {
    peer: "casbin" as const,
    name: "casbin",
    reduce: (answer: Answer) => answer === "Allowed",
    ask: askCasbin,
  },
  {
    peer: "cedar" as const,
    name: "@cedar-policy/cedar-wasm",
    reduce: (answer: Answer) => answer,
    ask: askCedar,
  },
])("The engine and $peer", ({ peer, name, reduce, ask }) => {
  const worlds = asked === undefined ? WORLDS[peer] : Number(asked);

  test("decide alike in generated worlds", { timeout: 120_000 + worlds * 1_000 }, async () => {
    const answers = await compare(worlds, reduce, ask);
    expect(answers).toHaveLength(worlds * REQUESTS);
    // Each answer is given often, or the worlds would show nothing.
    for (const answer of ["Allowed", "ExplicitDeny", "NoGrant"]) {
      expect(answers.filter((each) => each === answer).length / answers.length).toBeGreaterThan(0.05);
    }
  });

  test("have the counts that the page of conformance says", () => {
    const version = devDependencies[name];
    const counts = row(`\`${name}\` ${version}`, WORLDS[peer], WORLDS[peer] * REQUESTS);
    expect(sectionOf("Engines that others wrote")).toContain(counts.slice(0, -1));
  });
});

test("The generated worlds are valid manifests", () => {
  const validator = createManifestValidator(crds);
  fc.assert(
    fc.property(overlapWorld, (world) => {
      expect(toObjects(world).flatMap((object) => validator.validate(object))).toEqual([]);
    }),
    { numRuns: 50 },
  );
});
