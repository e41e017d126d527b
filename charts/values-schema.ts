import type { ChartValue, ValueSchema } from "./read-values.ts";

/** The schema by which Helm checks values: what is not in values.yaml is refused, so that no misspelt key goes unnoticed. */
export function valuesSchema(values: readonly ChartValue[]): object {
  const properties = Object.fromEntries(values.map((value) => [value.name, schemaOf(value)]));
  return {
    $schema: "http://json-schema.org/draft-07/schema#",
    title: "Values of the Sidegate chart",
    type: "object",
    additionalProperties: false,
    // Helm gives every chart that is part of another the values "global".
    properties: { ...properties, global: { type: "object" } },
  };
}

function schemaOf({ description, default: value, annotation, children }: ChartValue): ValueSchema {
  const { properties: more, ...rest } = annotation as { properties?: object };
  const properties = {
    ...Object.fromEntries(children.map((child) => [child.name, schemaOf(child)])),
    ...more,
  };
  const isClosed = Object.keys(properties).length > 0;
  return {
    description,
    type: typeOf(value),
    ...(isClosed && { additionalProperties: false, properties }),
    ...rest,
    ...(children.length === 0 && { default: value }),
  };
}

function typeOf(value: unknown): string {
  if (Array.isArray(value)) return "array";
  if (typeof value === "number") return "integer";
  return typeof value;
}
