import type { Run } from "./run.ts";
import {
  Bytes,
  Duration,
  isList,
  isMap,
  MapValue,
  type PlainMap,
  Timestamp,
  TypeValue,
  toKey,
  Uint,
  type Value,
} from "./value.ts";

/**
 * Whether two values are equal. Numbers compare by their value, whatever their types; values of different types are not
 * equal. Each element of a list or map costs a step.
 */
export function equals(a: Value, b: Value, run: Run): boolean {
  if (typeof a === "string") {
    if (typeof b !== "string" || a.length !== b.length) return false;
    run.spendText(a.length);
    return a === b;
  }
  if (a === b) return true;
  if (typeof a === "boolean" || a === null || b === null) return false;
  const numberA = toNumber(a);
  if (numberA !== undefined) {
    const numberB = toNumber(b);
    // biome-ignore lint/suspicious/noDoubleEquals: only == compares an integer with a double by value
    return numberB !== undefined && numberA == numberB;
  }
  return equalObjects(a, b, run);
}

/** A number as JavaScript compares it with others by value, or undefined when the value is no number. */
export function toNumber(value: Value): number | bigint | undefined {
  if (typeof value === "number" || typeof value === "bigint") return value;
  return value instanceof Uint ? value.value : undefined;
}

function equalObjects(a: Value, b: Value, run: Run): boolean {
  if (isList(a)) return isList(b) && run.within(() => equalLists(a, b, run));
  if (a instanceof Timestamp) return b instanceof Timestamp && a.nanos === b.nanos;
  if (a instanceof Duration) return b instanceof Duration && a.nanos === b.nanos;
  if (a instanceof TypeValue) return b instanceof TypeValue && a.name === b.name;
  if (a instanceof Bytes) return b instanceof Bytes && equalBytes(a.bytes, b.bytes, run);
  return isMap(a) && isMap(b) && run.within(() => equalMaps(a, b, run));
}

function equalLists(a: readonly Value[], b: readonly Value[], run: Run): boolean {
  if (a.length !== b.length) return false;
  return a.every((element, index) => {
    run.spend(1);
    return equals(element, b[index] as Value, run);
  });
}

function equalBytes(a: Uint8Array, b: Uint8Array, run: Run): boolean {
  run.spendText(a.length);
  return a.length === b.length && a.every((byte, index) => byte === b[index]);
}

function equalMaps(a: PlainMap | MapValue, b: PlainMap | MapValue, run: Run): boolean {
  const keys = keysOf(a, run);
  if (keys.length !== sizeOf(b, run)) return false;
  return keys.every((key) => {
    const value = lookUp(b, key);
    return value !== undefined && equals(lookUp(a, key) as Value, value, run);
  });
}

/** The value of a key; undefined when the map has no such key. */
export function lookUp(map: PlainMap | MapValue, key: Value): Value | undefined {
  if (map instanceof MapValue) {
    const found = toKey(key);
    return found === undefined ? undefined : map.entries.get(found)?.value;
  }
  return typeof key === "string" && Object.hasOwn(map, key)
    ? (map as { [key: string]: Value })[key]
    : undefined;
}

export function keysOf(map: PlainMap | MapValue, run: Run): readonly Value[] {
  run.spend(sizeOf(map, run));
  if (map instanceof MapValue) return [...map.entries.values()].map(({ key }) => key);
  return Object.keys(map).filter((key) => lookUp(map, key) !== undefined);
}

/** The entries of a map. Those that hold undefined are absent facts and do not count. */
export function sizeOf(map: PlainMap | MapValue, run: Run): number {
  if (map instanceof MapValue) return map.entries.size;
  let size = 0;
  for (const value of Object.values(map)) if (value !== undefined) size++;
  run.spendText(size);
  return size;
}
