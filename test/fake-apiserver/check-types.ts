import { isObject, type JsonObject, objectIn } from "./json.ts";

const MICRO_TIME = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}(Z|[+-]\d\d:\d\d)$/;
const TIME = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)$/;

/**
 * Finds the first value that does not have the type its schema says, as decoding into a Go struct does: such a body is
 * refused before it is looked at any further. A null is a value that is left out.
 *
 * @returns what is wrong, or undefined
 */
export function findWrongType(value: unknown, schema: unknown, path: string): string | undefined {
  if (!isObject(schema) || value === null || value === undefined) return undefined;
  if (!hasType(value, schema)) {
    if (schema.format === undefined)
      return `json: cannot unmarshal ${typeof value} into field ${path} of type ${schema.type}`;
    return `parsing time ${JSON.stringify(value)} of ${path} as ${schema.format}`;
  }
  const parts: [name: string, part: unknown, schema: unknown][] = Array.isArray(value)
    ? value.map((item, i) => [`[${i}]`, item, schema.items])
    : fieldsOf(value, schema);
  for (const [name, part, below] of parts) {
    const problem = findWrongType(part, below, `${path}${name}`);
    if (problem !== undefined) return problem;
  }
  return undefined;
}

function fieldsOf(value: unknown, schema: JsonObject): [string, unknown, unknown][] {
  if (!isObject(value)) return [];
  const properties = objectIn(schema, "properties");
  const { additionalProperties: rest } = schema;
  return Object.entries(value).map(([name, part]) => [`.${name}`, part, properties[name] ?? rest]);
}

function hasType(value: unknown, schema: JsonObject): boolean {
  switch (schema.type) {
    case "object":
      return isObject(value);
    case "array":
      return Array.isArray(value);
    case "boolean":
      return typeof value === "boolean";
    case "integer":
      return Number.isInteger(value);
    default:
      return typeof value === "string" && hasFormat(value, schema.format);
  }
}

function hasFormat(text: string, format: unknown): boolean {
  if (format === "micro-time") return MICRO_TIME.test(text);
  return format !== "date-time" || TIME.test(text);
}
