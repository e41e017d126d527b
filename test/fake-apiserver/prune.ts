import { isObject, type JsonObject, objectIn } from "./json.ts";
import { objectMetaSchema } from "./object-meta-schema.ts";

const metadataFields: ReadonlySet<string> = new Set(Object.keys(objectIn(objectMetaSchema, "properties")));

/**
 * Removes the fields that the schema does not have, in place.
 *
 * @returns their paths, such as "spec.foo" or "spec.rules[0].bar"
 */
export function prune(object: JsonObject, schema: JsonObject): string[] {
  const unknown: string[] = [];
  const metadata = objectIn(object, "metadata");
  for (const field of Object.keys(metadata)) {
    if (metadataFields.has(field)) continue;
    delete metadata[field];
    unknown.push(`metadata.${field}`);
  }
  const properties = objectIn(schema, "properties");
  for (const field of Object.keys(object)) {
    if (field === "apiVersion" || field === "kind" || field === "metadata") continue;
    const child = Object.hasOwn(properties, field) ? properties[field] : undefined;
    if (isObject(child)) pruneValue(object[field], child, field, unknown);
    else if (schema["x-kubernetes-preserve-unknown-fields"] !== true) {
      delete object[field];
      unknown.push(field);
    }
  }
  return unknown;
}

function pruneValue(value: unknown, schema: JsonObject, path: string, unknown: string[]): void {
  if (Array.isArray(value)) {
    const items = schema.items;
    if (isObject(items))
      for (const [i, item] of value.entries()) pruneValue(item, items, `${path}[${i}]`, unknown);
    return;
  }
  if (!isObject(value)) return;
  const properties = objectIn(schema, "properties");
  const rest = schema.additionalProperties;
  for (const field of Object.keys(value)) {
    const child = Object.hasOwn(properties, field) ? properties[field] : rest;
    if (isObject(child)) pruneValue(value[field], child, `${path}.${field}`, unknown);
    else if (child !== true && schema["x-kubernetes-preserve-unknown-fields"] !== true) {
      delete value[field];
      unknown.push(`${path}.${field}`);
    }
  }
}
