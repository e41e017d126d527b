import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { crds, operatorsCrds } from "./definitions.ts";
import { emitTypes } from "./emit-types.ts";
import { readCrds, readOperatorsCrds } from "./read-crds.ts";

test("the generated types are what the CRDs give (otherwise run `node crds/generate-types.ts`)", () => {
  const committed = readFileSync(new URL("../engine/model/objects.generated.ts", import.meta.url), "utf8");
  expect(emitTypes(readCrds())).toBe(committed);
});

test("the definitions in JSON are those in YAML (otherwise run `node crds/generate-types.ts`)", () => {
  expect(crds).toEqual(readCrds());
  expect(operatorsCrds).toEqual(readOperatorsCrds());
});

test("two different shapes never get one name", () => {
  const crds = readCrds().map((crd) => {
    const kind = crd.spec.names.kind === "Workspace" ? "Organization" : crd.spec.names.kind;
    return { ...crd, spec: { ...crd.spec, names: { ...crd.spec.names, kind } } };
  });
  expect(() => emitTypes(crds)).toThrow("Two shapes would be named OrganizationSpec");
});
