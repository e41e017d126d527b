/** A value as JSON has it: what callers send as attributes and context, and what a token claims. */
export type JsonValue = null | boolean | number | string | readonly JsonValue[] | JsonObject;

/** Only own properties count: a key such as `constructor` is there when it was sent, and not otherwise. */
export interface JsonObject {
  readonly [key: string]: JsonValue;
}

export function isJsonObject(value: JsonValue | undefined): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** Whether objects and lists are nested deeper in a value. Total, however deep it is. */
export function isDeeperThan(value: JsonValue, depth: number): boolean {
  if (typeof value !== "object" || value === null) return false;
  if (depth === 0) return true;
  const children = isJsonObject(value) ? Object.values(value) : value;
  return children.some((child) => isDeeperThan(child, depth - 1));
}
