import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { Ajv } from "ajv";
import { expect, test } from "vitest";
import { parse } from "yaml";
import { generate } from "../../charts/generate.ts";
import packageJson from "../../package.json" with { type: "json" };

const root = join(import.meta.dirname, "../..");
const read = (path: string) => readFileSync(join(root, path), "utf8");
const chart = "charts/sidegate";

test.each([...generate()])("%s is fresh (make generate)", (path, content) => {
  expect(read(path)).toBe(content);
});

test("the chart installs the definitions of crds and no others", () => {
  const { resources } = parse(read("crds/kustomization.yaml")) as { resources: string[] };
  const files = readdirSync(join(root, chart, "files/crds"));
  expect(files.toSorted()).toEqual(resources.toSorted());
  for (const file of files) expect(read(`${chart}/files/crds/${file}`)).toBe(read(`crds/${file}`));
});

test("chart, application and package have one version", () => {
  const { version, appVersion } = parse(read(`${chart}/Chart.yaml`)) as Record<string, string>;
  expect([version, appVersion]).toEqual([packageJson.version, packageJson.version]);
});

const validate = new Ajv({ strict: true, allErrors: true }).compile(
  JSON.parse(read(`${chart}/values.schema.json`)) as object,
);

test.each(["values.yaml", ...readdirSync(join(root, chart, "examples")).map((file) => `examples/${file}`)])(
  "%s fits the schema",
  (file) => {
    validate(parse(read(`${chart}/${file}`)));
    expect(validate.errors ?? []).toEqual([]);
  },
);

test.each([
  ["a key that is misspelt", { operator: { replica: 3 } }, "/operator"],
  ["no replica", { operator: { replicas: 0 } }, "/operator/replicas"],
  ["a digest without an algorithm", { image: { digest: "0123" } }, "/image/digest"],
  [
    "an account in two namespaces",
    { sync: { namespaces: [{ name: "a", serviceAccounts: ["b/c/d"] }] } },
    "/sync/namespaces/0",
  ],
  [
    "a policy that webhooks do not have",
    { injection: { failurePolicy: "Maybe" } },
    "/injection/failurePolicy",
  ],
  ["an origin of certificates that nobody knows", { certificates: { from: "vault" } }, "/certificates/from"],
])("the schema refuses %s", (_what, values, where) => {
  expect(validate(values)).toBe(false);
  expect(validate.errors?.map(({ instancePath }) => instancePath)).toContain(where);
});
