import type { ListValue, Struct, Value } from "./generated/decision.js";
import type { Input } from "./message-type.ts";

/** A JSON value, as google.protobuf.Struct carries it. */
export type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };
export type JsonObject = { readonly [key: string]: Json };

/** The plain object that a Struct stands for. It has no prototype, so keys such as "__proto__" are keys like others. */
export function fromStruct(struct: Struct): JsonObject {
  const object: { [key: string]: Json } = Object.create(null);
  for (const key in struct.fields) object[key] = fromValue(struct.fields[key] as Value);
  return object;
}

function fromValue(value: Value): Json {
  if (value.stringValue !== null) return value.stringValue;
  if (value.numberValue !== null) return value.numberValue;
  if (value.boolValue !== null) return value.boolValue;
  if (value.structValue !== null) return fromStruct(value.structValue);
  if (value.listValue !== null) return (value.listValue as ListValue).values.map(fromValue);
  return null;
}

/** The Struct of a plain object. Entries that are undefined are left out. */
export function toStruct(object: JsonObject): Input<Struct> {
  const fields: { [key: string]: Input<Value> } = Object.create(null);
  for (const [key, value] of Object.entries(object)) {
    if (value !== undefined) fields[key] = toValue(value);
  }
  return { fields };
}

function toValue(json: Json): Input<Value> {
  if (json === null) return { nullValue: 0 };
  if (typeof json === "string") return { stringValue: json };
  if (typeof json === "number") return { numberValue: json };
  if (typeof json === "boolean") return { boolValue: json };
  if (Array.isArray(json)) return { listValue: { values: json.map(toValue) } };
  return { structValue: toStruct(json as JsonObject) };
}
