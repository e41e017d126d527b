import { isObject, type JsonObject, objectIn } from "./json.ts";
import { objectMetaSchema } from "./object-meta-schema.ts";

/**
 * How a value is merged and owned: as a whole (atomic), by field, as a set of scalars, or as a list of objects with
 * keys. See https://kubernetes.io/docs/reference/using-api/server-side-apply/#merge-strategy.
 */
export type Shape =
  | { readonly kind: "atomic" }
  /** `rest` is for fields that are not named: the values of a map. */
  | {
      readonly kind: "fields";
      readonly fields: Readonly<Record<string, Shape>>;
      readonly rest: Shape | undefined;
    }
  | { readonly kind: "set" }
  | { readonly kind: "keyed"; readonly keys: readonly string[]; readonly element: Shape }
  /** Not in the schema: objects are merged by field, all else is atomic. */
  | { readonly kind: "unknown" };

const atomic: Shape = { kind: "atomic" };
const unknown: Shape = { kind: "unknown" };

const metadata = shapeOfSchema(objectMetaSchema);

const shapes = new WeakMap<JsonObject, Shape>();

/** The shape of whole objects with this schema. */
export function shapeOf(schema: JsonObject | undefined): Shape {
  if (schema === undefined) return { kind: "fields", fields: { metadata }, rest: unknown };
  let shape = shapes.get(schema);
  if (shape === undefined) {
    const fields = objectIn(schema, "properties");
    shape = {
      kind: "fields",
      fields: { ...fieldShapes(fields), metadata, apiVersion: atomic, kind: atomic },
      rest: unknown,
    };
    shapes.set(schema, shape);
  }
  return shape;
}

function fieldShapes(properties: JsonObject): Record<string, Shape> {
  return Object.fromEntries(
    Object.entries(properties).map(([name, schema]) => [name, shapeOfSchema(schema)]),
  );
}

/** The shape of values with this schema. */
export function shapeOfSchema(schema: unknown): Shape {
  if (!isObject(schema)) return unknown;
  if (schema.type === "array") return listShape(schema);
  if (schema.type !== "object")
    return schema["x-kubernetes-preserve-unknown-fields"] === true ? unknown : atomic;
  if (schema["x-kubernetes-map-type"] === "atomic") return atomic;
  const rest = schema.additionalProperties;
  const preserves = schema["x-kubernetes-preserve-unknown-fields"] === true;
  return {
    kind: "fields",
    fields: fieldShapes(objectIn(schema, "properties")),
    rest: isObject(rest) ? shapeOfSchema(rest) : rest === true || preserves ? unknown : undefined,
  };
}

function listShape(schema: JsonObject): Shape {
  if (schema["x-kubernetes-list-type"] === "set") return { kind: "set" };
  if (schema["x-kubernetes-list-type"] !== "map") return atomic;
  const keys = (schema["x-kubernetes-list-map-keys"] ?? []) as string[];
  return { kind: "keyed", keys, element: shapeOfSchema(schema.items) };
}

/** The shape with which a value is walked, once it is known what the value is. */
export function resolve(shape: Shape, value: unknown): Shape {
  if (shape.kind !== "unknown") return shape;
  return isObject(value) ? { kind: "fields", fields: {}, rest: unknown } : atomic;
}

/** The shape of a field; fields that the schema does not have are walked by what they are. */
export function fieldShape(shape: Shape & { kind: "fields" }, field: string): Shape {
  return (Object.hasOwn(shape.fields, field) ? shape.fields[field] : undefined) ?? shape.rest ?? unknown;
}

/** The path element of a list item: `k:{"type":"Ready"}` by key, `v:"x"` by value. */
export function itemElement(shape: Shape & { kind: "keyed" | "set" }, item: unknown): string {
  if (shape.kind === "set") return `v:${JSON.stringify(item)}`;
  const key: JsonObject = {};
  for (const name of [...shape.keys].sort()) key[name] = isObject(item) ? (item[name] ?? null) : null;
  return `k:${JSON.stringify(key)}`;
}

/** Items by their path element, in order. */
export function itemsOf(shape: Shape & { kind: "keyed" | "set" }, value: unknown): Map<string, unknown> {
  const items = Array.isArray(value) ? value : [];
  return new Map(items.map((item) => [itemElement(shape, item), item]));
}

/** The shape below a path element. */
export function childShape(shape: Shape, element: string): Shape {
  if (shape.kind === "fields") return fieldShape(shape, element.slice(2));
  return shape.kind === "keyed" ? shape.element : unknown;
}
