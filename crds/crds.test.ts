import { describe, expect, test } from "vitest";
import type { CustomResourceDefinition, JsonSchema } from "../engine/validate/custom-resource-definition.ts";
import { readCrds, readOperatorsCrds } from "./read-crds.ts";

const crds = readCrds();

/** Every field of a definition's schema with its path, "spec.subjects[].kind". */
function fieldsOf(crd: CustomResourceDefinition): [path: string, schema: JsonSchema][] {
  const walk = (schema: JsonSchema, path: string): [string, JsonSchema][] => [
    [path, schema],
    ...Object.entries(schema.properties ?? {}).flatMap(([name, child]) => walk(child, `${path}.${name}`)),
    ...(schema.items ? walk(schema.items, `${path}[]`) : []),
    ...(schema.additionalProperties ? walk(schema.additionalProperties, `${path}{}`) : []),
  ];
  return crd.spec.versions.flatMap((version) => walk(version.schema.openAPIV3Schema, crd.spec.names.kind));
}

const fields = [...crds, ...readOperatorsCrds()].flatMap(fieldsOf);

function violations(isRight: (schema: JsonSchema) => boolean): string[] {
  return fields.filter(([, schema]) => !isRight(schema)).map(([path]) => path);
}

describe("every field", () => {
  test("is described", () => {
    // The values of a map are described with the map.
    const described = fields.filter(([path]) => !path.endsWith("{}"));
    expect(described.filter(([, { description = "" }]) => !/^[A-Z].{8,}[.]$/s.test(description))).toEqual([]);
  });

  test("is bounded: texts in length, lists and maps in size, integers in value or by their kind", () => {
    expect(violations((schema) => schema.type !== "string" || schema.maxLength !== undefined)).toEqual([]);
    expect(violations((schema) => schema.type !== "array" || schema.maxItems !== undefined)).toEqual([]);
    expect(
      violations((schema) => !schema.additionalProperties || schema.maxProperties !== undefined),
    ).toEqual([]);
    expect(violations((schema) => schema.type !== "integer" || schema.minimum !== undefined)).toEqual([]);
  });

  test("that is a list says how it merges", () => {
    expect(
      violations((schema) => schema.type !== "array" || schema["x-kubernetes-list-type"] !== undefined),
    ).toEqual([]);
  });

  test("that is an instant has a rule of its own, because the API server takes a list for one", () => {
    const instants = fields.filter(([path, { format }]) => format === "date-time" && path.includes(".spec."));
    expect(instants.map(([path]) => path)).toEqual([
      "Membership.spec.expiresAt",
      "AccessRoleBinding.spec.notBefore",
      "AccessRoleBinding.spec.expiresAt",
    ]);
    expect(instants.filter(([, schema]) => schema["x-kubernetes-validations"] === undefined)).toEqual([]);
  });
});

describe("every rule", () => {
  test("says in words what to do, and keeps the message that it is given", () => {
    const rules = fields.flatMap(([, schema]) => schema["x-kubernetes-validations"] ?? []);
    expect(rules.length).toBeGreaterThan(20);
    for (const { message, reason } of rules) {
      expect(message.length).toBeGreaterThan(20);
      // With FieldValueDuplicate the API server shows the value and leaves the message out.
      expect(["FieldValueInvalid", "FieldValueRequired", "FieldValueForbidden"]).toContain(reason);
    }
  });
});

describe.each(crds.map((crd) => [crd.spec.names.kind, crd] as const))("%s", (kind, crd) => {
  const { names, versions } = crd.spec;

  test("is named as kubectl expects, in the category sidegate", () => {
    expect(crd.metadata.name).toBe(`${names.plural}.sidegate.dev`);
    expect(names.singular).toBe(kind.toLowerCase());
    expect(names.categories).toEqual(["sidegate"]);
    expect(names.shortNames).toHaveLength(1);
    expect(crd.spec.scope).toBe("Namespaced");
  });

  test("has one version, with a status of its own and the conditions that all have", () => {
    expect(versions).toHaveLength(1);
    expect(versions[0]?.subresources).toEqual({ status: {} });
    const { status } = versions[0]?.schema.openAPIV3Schema.properties ?? {};
    const first = crds[0]?.spec.versions[0]?.schema.openAPIV3Schema.properties?.status?.properties;
    const { observedGeneration, conditions } = first ?? {};
    expect(status?.properties).toMatchObject({ observedGeneration, conditions });
  });

  test("shows in kubectl get whether it is accepted, why, whether it is effective, and its age", () => {
    const columns = versions[0]?.additionalPrinterColumns ?? [];
    const shown = columns.filter(({ priority = 0 }) => priority === 0).map(({ name }) => name);
    expect(shown.slice(-4)).toEqual(["Accepted", "Effective", "Reason", "Age"]);
    expect(columns.map(({ name }) => name)).toContain("Message");
    expect(shown.length).toBeLessThanOrEqual(9);
  });
});

test("the short names are the documented ones", () => {
  expect(crds.flatMap(({ spec }) => spec.names.shortNames)).toEqual(
    "adom pcat org ws env mem agrp arole arb acon tpol".split(" "),
  );
});

test("what the operator writes for itself is not in the category of what people write", () => {
  expect(readOperatorsCrds().map(({ spec }) => [spec.names.kind, spec.names.categories])).toEqual([
    ["DeliveryReport", undefined],
  ]);
});
