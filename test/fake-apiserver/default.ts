import { clone, isObject, type JsonObject, objectIn } from "./json.ts";

/** Fills in the defaults of a schema, in place. A null where the schema has none counts as missing. */
export function applyDefaults(value: unknown, schema: unknown): void {
  if (!isObject(schema)) return;
  if (Array.isArray(value)) {
    for (const item of value) applyDefaults(item, schema.items);
    return;
  }
  if (!isObject(value)) return;
  const properties = objectIn(schema, "properties");
  for (const [field, child] of Object.entries(properties)) {
    if (!isObject(child)) continue;
    if (value[field] === null && child.nullable !== true) delete value[field];
    if (value[field] === undefined && child.default !== undefined) value[field] = clone(child.default);
    applyDefaults(value[field], child);
  }
  fillRest(value, properties, schema.additionalProperties);
}

function fillRest(value: JsonObject, properties: JsonObject, rest: unknown): void {
  if (!isObject(rest)) return;
  for (const field of Object.keys(value))
    if (!Object.hasOwn(properties, field)) applyDefaults(value[field], rest);
}
