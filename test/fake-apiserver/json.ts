/** Values as they stand in manifests and on the wire. Objects in the store are never changed once they are in it. */
export type JsonObject = { [field: string]: unknown };

export function isObject(value: unknown): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** The object in a field, or an empty one when there is none. */
export function objectIn(value: unknown, field: string): JsonObject {
  const child = isObject(value) ? value[field] : undefined;
  return isObject(child) ? child : {};
}

/** Whether two values are the same, whatever the order of their fields. Undefined fields count as missing. */
export function equal(a: unknown, b: unknown): boolean {
  if (a === b) return true;
  if (Array.isArray(a)) {
    return Array.isArray(b) && a.length === b.length && a.every((item, i) => equal(item, b[i]));
  }
  if (!isObject(a) || !isObject(b)) return false;
  for (const field in a) if (!equal(a[field], b[field])) return false;
  for (const field in b) if (a[field] === undefined && b[field] !== undefined) return false;
  return true;
}

/** A deep copy, without the fields that are undefined. */
export function clone<T>(value: T): T {
  if (Array.isArray(value)) return value.map(clone) as T;
  if (!isObject(value)) return value;
  const copy: JsonObject = {};
  for (const field in value) if (value[field] !== undefined) copy[field] = clone(value[field]);
  return copy as T;
}
