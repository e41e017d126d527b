import fc from "fast-check";
import { expect, test } from "vitest";
import { crds } from "../../crds/definitions.ts";
import { kinds } from "../../engine/model/objects.generated.ts";
import { formatProblem, MAX_PROBLEMS } from "../../engine/validate/manifest-problem.ts";
import { createManifestValidator } from "../../engine/validate/manifest-validator.ts";
import { expandRow } from "./expand-row.ts";
import { readManifestRows } from "./manifest-row.ts";
import { mutated } from "./mutations.ts";

const validator = createManifestValidator(crds);

const organization = (spec: unknown, metadata: object = { name: "acme" }) => ({
  apiVersion: "sidegate.dev/v1alpha1",
  kind: "Organization",
  metadata,
  spec,
});

function nested(depth: number): unknown {
  let value: unknown = "x";
  for (let level = 0; level < depth; level++) value = level % 2 === 0 ? [value] : { spec: value };
  return value;
}

const cyclic: Record<string, unknown> = organization({});
cyclic.spec = cyclic;

const hostile: readonly (readonly [string, unknown])[] = [
  ["nothing", undefined],
  ["a text", "apiVersion"],
  ["100,000 levels in the spec", organization(nested(100_000))],
  ["100,000 levels beside the spec", { ...organization({}), other: nested(100_000) }],
  ["100,000 levels in the status", { ...organization({}), status: { observedGeneration: nested(100_000) } }],
  ["100,000 levels in an attribute", organization({ attributes: { a: nested(100_000) } })],
  ["an object that holds itself", cyclic],
  [
    "a prototype for a spec",
    JSON.parse(
      '{"apiVersion":"sidegate.dev/v1alpha1","kind":"Organization","metadata":{"name":"acme"},"spec":{"__proto__":{"suspended":true}}}',
    ),
  ],
  [
    "a prototype for metadata",
    JSON.parse(
      '{"apiVersion":"sidegate.dev/v1alpha1","kind":"Organization","metadata":{"__proto__":{"name":"acme"}},"spec":{}}',
    ),
  ],
  ["a kind that every object has as a member", { ...organization({}), kind: "constructor" }],
  ["200,000 unknown fields", organization(expandRow({ $map: 200_000, of: 1 }))],
  ["200,000 labels", organization({}, { name: "acme", labels: expandRow({ $map: 200_000, of: "A b" }) })],
  ["200,000 finalizers", organization({}, { name: "acme", finalizers: Array(200_000).fill("a/b/c") })],
  ["a name of 10 million characters", organization({}, { name: "a-".repeat(5_000_000) })],
  ["a kind of 10 million characters", { ...organization({}), kind: "Organizatio".repeat(1_000_000) }],
  ["a display name of 10 million characters", organization({ displayName: "x".repeat(10_000_000) })],
  [
    "1,000,000 members",
    { ...organization({ members: Array(1_000_000).fill({ kind: "User", name: "a" }) }), kind: "AccessGroup" },
  ],
  [
    "a role that is within every limit and too large as a whole",
    {
      ...organization({
        assignableAt: ["Organization"],
        rules: Array(256).fill({
          resources: ["a"],
          verbs: ["b"],
          names: expandRow({ $list: 256, of: { $text: 2000, end: "$" } }),
        }),
      }),
      kind: "AccessRole",
    },
  ],
];

test.each(hostile)("%s is refused with few and short words", (_, manifest) => {
  const problems = validator.validate(manifest);
  expect(problems.length).toBeGreaterThan(0);
  expect(problems.length).toBeLessThanOrEqual(MAX_PROBLEMS + 1);
  for (const problem of problems) expect(formatProblem(problem).length).toBeLessThan(1200);
});

test("nothing is inherited from a prototype", () => {
  const fromJson = JSON.parse('{"attributes":{"__proto__":"x","constructor":"y"}}');
  const { object } = validator.check(organization(fromJson));
  const attributes = (object as unknown as { spec: { attributes: object } }).spec.attributes;
  expect(Object.entries(attributes)).toEqual([
    ["__proto__", "x"],
    ["constructor", "y"],
  ]);
  expect(Object.getPrototypeOf(attributes)).toBe(Object.prototype);
});

test("a lone surrogate becomes what the API server makes of it", () => {
  const { object } = validator.check(organization({ displayName: "a\ud800b" }));
  expect(object?.spec).toEqual({ displayName: "a\ufffdb" });
});

test("any JSON value gets an answer", () => {
  const anything = fc.oneof(
    fc.jsonValue(),
    fc.record({
      kind: fc.constantFrom(...kinds),
      metadata: fc.constant({ name: "a" }),
      spec: fc.jsonValue(),
    }),
  );
  fc.assert(
    fc.property(anything, (value) => {
      const manifest = typeof value === "object" ? { apiVersion: "sidegate.dev/v1alpha1", ...value } : value;
      const { object, problems } = validator.check(manifest);
      expect(object === undefined).toBe(problems.length > 0);
    }),
    { numRuns: 3000 },
  );
});

test("checking never changes a manifest, and what it accepts it accepts again as it is", () => {
  const valid = readManifestRows().filter((row) => row.refused === undefined);
  const small = valid.map((row) => row.manifest).filter((manifest) => JSON.stringify(manifest).length < 2000);
  fc.assert(
    fc.property(mutated(small), (manifest) => {
      const before = structuredClone(manifest);
      const { object } = validator.check(manifest);
      expect(manifest).toEqual(before);
      if (object === undefined) return;
      expect(validator.check(object)).toEqual({ object, problems: [] });
      expect(validator.applyDefaults(object)).toEqual(object);
    }),
    { numRuns: 3000 },
  );
});
