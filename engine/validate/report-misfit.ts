import { quote } from "./manifest-problem.ts";
import type { SchemaNode } from "./schema-node.ts";
import { suggest } from "./suggest.ts";
import { isObject, join, type Walk } from "./walk.ts";

const typeNames = {
  object: "an object",
  array: "a list",
  string: "a string",
  integer: "an integer",
  number: "a number",
  boolean: "a boolean",
} as const;

export const INSTANT_REMEDY = "write it like 2026-12-31T23:59:59Z, with three decimals of a second at most";

/** Reports a value of a wrong type. */
export function reportType({ schema }: SchemaNode, value: unknown, path: string, walk: Walk): undefined {
  walk.blocked = true;
  const code = holdsFields(value, 0) ? "SG1003" : "SG1001";
  const expected = typeNames[schema.type ?? "object"];
  walk.problems.add(
    code,
    path,
    `is ${describeType(value)} where ${expected} belongs`,
    typeRemedy(schema, value),
  );
  return undefined;
}

/** Reports a field that is required and not there. */
export function reportMissing(node: SchemaNode | undefined, path: string, walk: Walk): void {
  const purpose = node?.schema.description?.split(/\. |\.$/)[0];
  walk.blocked = true;
  walk.problems.add("SG1004", path, "is missing", purpose === undefined ? "add it" : `add it (${purpose})`);
}

/** Reports a field that the schema does not have. */
export function reportUnknown(node: SchemaNode, name: string, path: string, walk: Walk): void {
  const inSpec = path === "" && node.properties.get("spec")?.properties.has(name);
  const meant = inSpec ? `spec.${name}` : suggest(name, node.properties.keys());
  const known = [...node.properties.keys()].slice(0, 12).join(", ");
  const remedy = meant === undefined ? `the fields here are ${known}` : `did you mean ${meant}?`;
  walk.problems.add("SG1003", join(path, name.slice(0, 64)), `there is no field ${quote(name)}`, remedy);
}

/** Whether a value in the wrong place brings fields along: to the API server these are unknown ones. */
function holdsFields(value: unknown, depth: number): boolean {
  if (depth > 8) return true;
  if (Array.isArray(value)) return value.some((entry) => holdsFields(entry, depth + 1));
  return isObject(value) && Object.keys(value).length > 0;
}

function describeType(value: unknown): string {
  if (value === null) return "null";
  if (Array.isArray(value)) return typeNames.array;
  if (typeof value === "object") return typeNames.object;
  return `the ${typeof value} ${quote(value)}`;
}

function typeRemedy(schema: SchemaNode["schema"], value: unknown): string | undefined {
  if (schema.format === "date-time") return INSTANT_REMEDY;
  if (schema.type === "string") {
    return typeof value === "number" || typeof value === "boolean"
      ? `put it in quotes: "${value}"`
      : undefined;
  }
  const isQuoted = schema.type === "boolean" ? /^(true|false)$/ : /^-?[0-9]+$/;
  const isScalar = schema.type !== "object" && schema.type !== "array";
  return isScalar && typeof value === "string" && isQuoted.test(value)
    ? "write it without quotes"
    : undefined;
}
