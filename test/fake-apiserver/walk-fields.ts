import { FieldSet } from "./field-set.ts";
import { equal, isObject, type JsonObject } from "./json.ts";
import { fieldShape, itemsOf, resolve, type Shape } from "./shape.ts";

/** What changed between two values. Added and removed name the values in between as well as the leaves. */
export interface Comparison {
  readonly added: FieldSet;
  readonly removed: FieldSet;
  readonly modified: FieldSet;
}

/** The fields that an apply configuration names. */
export function fieldsOf(value: unknown, given: Shape): FieldSet {
  const shape = resolve(given, value);
  if (shape.kind === "fields" && isObject(value)) {
    const children = Object.entries(value).map(([field, child]) => {
      const set = fieldsOf(child, fieldShape(shape, field));
      const bare = child === null || (isObject(child) && Object.keys(child).length === 0);
      const own = bare || !Object.hasOwn(shape.fields, field);
      return [`f:${field}`, own ? set.union(FieldSet.leaf) : set] as const;
    });
    return FieldSet.of(false, children);
  }
  if ((shape.kind === "keyed" || shape.kind === "set") && Array.isArray(value)) {
    const element: Shape = shape.kind === "keyed" ? shape.element : { kind: "atomic" };
    const children = [...itemsOf(shape, value)].map(
      ([name, item]) => [name, fieldsOf(item, element).union(FieldSet.leaf)] as const,
    );
    return FieldSet.of(false, children);
  }
  return FieldSet.leaf;
}

const nothing: Comparison = { added: FieldSet.empty, removed: FieldSet.empty, modified: FieldSet.empty };

/** Compares two values of a shape; undefined stands for what is not there. */
export function compare(before: unknown, after: unknown, given: Shape): Comparison {
  if (before === undefined && after === undefined) return nothing;
  const shape = resolve(given, after ?? before);
  const parts = childrenOf(before, after, shape);
  if (parts === undefined) return leafChange(before, after);
  const compared = parts.map(([name, left, right, child]) => [name, compare(left, right, child)] as const);
  const pick = (side: keyof Comparison, member: boolean) =>
    FieldSet.of(
      member,
      compared.map(([name, change]) => [name, change[side]] as const),
    );
  return {
    added: pick("added", before === undefined),
    removed: pick("removed", after === undefined),
    modified: pick("modified", false),
  };
}

function leafChange(before: unknown, after: unknown): Comparison {
  if (before === undefined) return { ...nothing, added: FieldSet.leaf };
  if (after === undefined) return { ...nothing, removed: FieldSet.leaf };
  return equal(before, after) ? nothing : { ...nothing, modified: FieldSet.leaf };
}

type Part = readonly [element: string, before: unknown, after: unknown, shape: Shape];

/** The parts of two values; undefined when they are compared as a whole. */
function childrenOf(before: unknown, after: unknown, shape: Shape): Part[] | undefined {
  if (shape.kind === "fields") {
    const fits = (value: unknown) => value === undefined || isObject(value);
    if (!fits(before) || !fits(after)) return undefined;
    const left = (before ?? {}) as JsonObject;
    const right = (after ?? {}) as JsonObject;
    const names = new Set([...Object.keys(left), ...Object.keys(right)]);
    if (names.size === 0) return undefined;
    return [...names].map((name) => [`f:${name}`, left[name], right[name], fieldShape(shape, name)]);
  }
  if (shape.kind !== "keyed" && shape.kind !== "set") return undefined;
  const left = itemsOf(shape, before);
  const right = itemsOf(shape, after);
  const element: Shape = shape.kind === "keyed" ? shape.element : { kind: "atomic" };
  if (left.size + right.size === 0) return undefined;
  const names = new Set([...left.keys(), ...right.keys()]);
  return [...names].map((name) => [name, left.get(name), right.get(name), element]);
}
