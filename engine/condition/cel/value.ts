import type { JsonObject } from "../../model/json.ts";

/**
 * The values of CEL as they are computed with: JSON from callers as it is (a map is any object that is none of the classes
 * here, and only its own properties are its entries), `int` as bigint, `double` as number, the rest as the classes below.
 */
export type Value = null | boolean | number | bigint | string | Special | readonly Value[] | PlainMap;

export type PlainMap = JsonObject | { readonly [key: string]: Value | undefined };

/** What an expression gives: a value, or an error that `||`, `&&` and comprehensions may absorb. */
export type Result = Value | Failure;

/** Common to all objects that are not maps as JSON has them, so that one test tells them apart. */
abstract class Special {}

/** An error of evaluation. The message never holds values, since these come from callers. */
export class Failure extends Special {
  readonly message: string;

  constructor(message: string) {
    super();
    this.message = message;
  }
}

export class Uint extends Special {
  readonly value: bigint;

  constructor(value: bigint) {
    super();
    this.value = value;
  }
}

export class Bytes extends Special {
  readonly bytes: Uint8Array;

  constructor(bytes: Uint8Array) {
    super();
    this.bytes = bytes;
  }
}

/** An instant; nanoseconds since 1970. */
export class Timestamp extends Special {
  readonly nanos: bigint;

  constructor(nanos: bigint) {
    super();
    this.nanos = nanos;
  }
}

/** A span of time in nanoseconds. */
export class Duration extends Special {
  readonly nanos: bigint;

  constructor(nanos: bigint) {
    super();
    this.nanos = nanos;
  }
}

/** A type as a value, as `type(x)` gives it. */
export class TypeValue extends Special {
  readonly name: string;

  constructor(name: string) {
    super();
    this.name = name;
  }
}

export type MapKey = string | boolean | bigint;

/** A map that a condition writes itself. Numbers that are equal are one key, whatever their type. */
export class MapValue extends Special {
  readonly entries: ReadonlyMap<MapKey, { readonly key: Value; readonly value: Value }>;

  constructor(entries: ReadonlyMap<MapKey, { readonly key: Value; readonly value: Value }>) {
    super();
    this.entries = entries;
  }
}

export function isList(value: Value): value is readonly Value[] {
  return Array.isArray(value);
}

export function isPlainMap(value: Value): value is PlainMap {
  return typeof value === "object" && value !== null && !(value instanceof Special) && !Array.isArray(value);
}

/** Whether a value is a map, written by the condition or sent as JSON. */
export function isMap(value: Value): value is PlainMap | MapValue {
  return value instanceof MapValue || isPlainMap(value);
}

/** A value as a key of a map, or undefined when no map has such a key. */
export function toKey(value: Value): MapKey | undefined {
  if (typeof value === "number") return Number.isInteger(value) ? BigInt(value) : undefined;
  if (typeof value === "string" || typeof value === "boolean" || typeof value === "bigint") return value;
  return value instanceof Uint ? value.value : undefined;
}

/** The name of a value's type in CEL. */
export function typeName(value: Value): string {
  switch (typeof value) {
    case "string":
      return "string";
    case "boolean":
      return "bool";
    case "number":
      return "double";
    case "bigint":
      return "int";
    default:
      return objectTypeName(value);
  }
}

function objectTypeName(value: Value): string {
  if (value === null) return "null_type";
  if (isList(value)) return "list";
  if (value instanceof Uint) return "uint";
  if (value instanceof Bytes) return "bytes";
  if (value instanceof Timestamp) return "google.protobuf.Timestamp";
  if (value instanceof Duration) return "google.protobuf.Duration";
  return value instanceof TypeValue ? "type" : "map";
}
