import { ApiError, failure, invalid, type StatusCause } from "./api-error.ts";
import { isObject, type JsonObject, objectIn } from "./json.ts";
import { objectMetaSchema } from "./object-meta-schema.ts";
import { apiVersionOf, type ResourceType } from "./resource-type.ts";
import { itemElement, type Shape, shapeOfSchema } from "./shape.ts";
import { cause } from "./validate-metadata.ts";

/**
 * Makes sure that an apply configuration fits the schema, of which ownership is made: no unknown fields, wrong types or
 * repeated items. Throws 500, as the real server does, and 422 for nulls.
 */
export function checkApplied(type: ResourceType, config: JsonObject): void {
  if (type.schema === undefined) return;
  const text = { type: "string" };
  const properties = {
    ...objectIn(type.schema, "properties"),
    metadata: objectMetaSchema,
    apiVersion: text,
    kind: text,
  };
  const found: Findings = { problems: [], nulls: [] };
  walk(config, { ...type.schema, properties }, "", found);
  const { name = "", namespace = "" } = objectIn(config, "metadata");
  const [first, ...more] = found.problems;
  if (first !== undefined) {
    const list =
      more.length === 0 ? first : `errors:\n${found.problems.map((problem) => `  ${problem}`).join("\n")}`;
    const what = `${namespace}/${name}; ${apiVersionOf(type)}, Kind=${type.kind}`;
    throw new ApiError(failure(500, "", `failed to create typed patch object (${what}): ${list}`));
  }
  if (found.nulls.length > 0 && type.custom) throw invalid(type.group, type.kind, String(name), found.nulls);
}

interface Findings {
  readonly problems: string[];
  readonly nulls: StatusCause[];
}

function walk(value: unknown, schema: JsonObject, path: string, found: Findings): void {
  if (value === null) {
    if (schema.nullable !== true && schema.default === undefined && !path.startsWith(".metadata"))
      noteNull(schema, path, found);
  } else if (Array.isArray(value)) {
    if (schema.type === "array") walkList(value, schema, path, found);
    else noteType(value, schema, path, found);
  } else if (isObject(value)) {
    if (schema.type === "object" || schema.type === undefined) walkObject(value, schema, path, found);
    else noteType(value, schema, path, found);
  } else if (!isScalarOf(value, schema)) noteType(value, schema, path, found);
}

function walkObject(value: JsonObject, schema: JsonObject, path: string, found: Findings): void {
  const properties = objectIn(schema, "properties");
  const rest = schema.additionalProperties;
  for (const [name, part] of Object.entries(value)) {
    const below = Object.hasOwn(properties, name) ? properties[name] : rest;
    if (isObject(below)) walk(part, below, `${path}.${name}`, found);
    else if (below !== true && schema["x-kubernetes-preserve-unknown-fields"] !== true) {
      found.problems.push(`${path}.${name}: field not declared in schema`);
    }
  }
}

function walkList(value: unknown[], schema: JsonObject, path: string, found: Findings): void {
  const shape: Shape = shapeOfSchema(schema);
  if (shape.kind === "set" || shape.kind === "keyed") {
    const seen = new Set<string>();
    for (const item of value) {
      const element = itemElement(shape, item);
      if (seen.has(element)) found.problems.push(`${path}: duplicate entries for key ${spellKey(element)}`);
      seen.add(element);
    }
  }
  const items = schema.items;
  if (isObject(items)) for (const [i, item] of value.entries()) walk(item, items, `${path}[${i}]`, found);
}

function spellKey(element: string): string {
  const text = element.slice(2);
  if (element.startsWith("v:")) return `[=${text}]`;
  const keys = Object.entries(JSON.parse(text) as JsonObject);
  return `[${keys.map(([name, value]) => `${name}=${JSON.stringify(value)}`).join(",")}]`;
}

function isScalarOf(value: unknown, { type }: JsonObject): boolean {
  if (type === "integer" || type === "number") return typeof value === "number";
  return type === undefined || typeof value === type;
}

function noteType(value: unknown, { type }: JsonObject, path: string, found: Findings): void {
  const names: Readonly<Record<string, string>> = {
    array: "list",
    object: "map",
    integer: "numeric",
    number: "numeric",
  };
  found.problems.push(`${path}: expected ${names[String(type)] ?? type}, got ${JSON.stringify(value)}`);
}

function noteNull({ type }: JsonObject, path: string, found: Findings): void {
  const field = path.slice(1);
  const text = `Invalid value: "null": ${field} in body must be of type ${type}: "null"`;
  found.nulls.push(cause("FieldValueTypeInvalid", field, text));
}
