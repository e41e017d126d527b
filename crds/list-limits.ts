import type { CustomResourceDefinition, JsonSchema } from "../engine/validate/custom-resource-definition.ts";

/** The most that a field of a kind may hold. */
export interface FieldLimit {
  readonly kind: string;
  /** The field, for example "spec.subjects[].name"; "{}" stands for the values of a map. */
  readonly field: string;
  /** For example "512 characters", "1,000 entries" or "0 to 100". */
  readonly limit: string;
}

/** The limits of everything that a manifest may hold, in the order of the schemas, for docs/reference/limits.md. */
export function listLimits(crds: readonly CustomResourceDefinition[]): readonly FieldLimit[] {
  return crds.flatMap((crd) => {
    const spec = crd.spec.versions[0]?.schema.openAPIV3Schema.properties?.spec ?? {};
    return limitsOf(spec, "spec").map(([field, limit]) => ({ kind: crd.spec.names.kind, field, limit }));
  });
}

function limitsOf(schema: JsonSchema, path: string): [field: string, limit: string][] {
  const limit = limitOf(schema);
  return [
    ...(limit === undefined ? [] : [[path, limit] as [string, string]]),
    ...Object.entries(schema.properties ?? {}).flatMap(([name, child]) => limitsOf(child, `${path}.${name}`)),
    ...(schema.items ? limitsOf(schema.items, `${path}[]`) : []),
    ...(schema.additionalProperties ? limitsOf(schema.additionalProperties, `${path}{}`) : []),
  ];
}

/** Nothing for a value of a fixed set or form: its length is no choice. */
function limitOf(schema: JsonSchema): string | undefined {
  const { maxLength, maxItems, maxProperties, minimum, maximum } = schema;
  if (schema.enum !== undefined || schema.format === "date-time") return undefined;
  if (maxLength !== undefined) return `${maxLength.toLocaleString("en")} characters`;
  const entries = maxItems ?? maxProperties;
  if (entries !== undefined) return `${entries.toLocaleString("en")} entries`;
  return maximum === undefined ? undefined : `${minimum ?? 0} to ${maximum.toLocaleString("en")}`;
}
