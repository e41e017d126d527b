/** A value as JSON has it: what callers send as attributes and context, and what a token claims. */
export type JsonValue = null | boolean | number | string | readonly JsonValue[] | JsonObject;

/** Only own properties count: a key such as `constructor` is there when it was sent, and not otherwise. */
export interface JsonObject {
  readonly [key: string]: JsonValue;
}

export function isJsonObject(value: JsonValue | undefined): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
