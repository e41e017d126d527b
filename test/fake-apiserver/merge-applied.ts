import type { FieldSet } from "./field-set.ts";
import { isObject, type JsonObject } from "./json.ts";
import { fieldShape, itemsOf, resolve, type Shape } from "./shape.ts";

const atomic: Shape = { kind: "atomic" };

/** Lays an apply configuration over the present value. */
export function mergeApplied(live: unknown, config: unknown, given: Shape): unknown {
  const shape = resolve(given, config);
  if (shape.kind === "fields" && isObject(config)) {
    const merged: JsonObject = isObject(live) ? { ...live } : {};
    for (const [field, value] of Object.entries(config)) {
      merged[field] = mergeApplied(merged[field], value, fieldShape(shape, field));
    }
    return merged;
  }
  if ((shape.kind !== "keyed" && shape.kind !== "set") || !Array.isArray(config)) return config;
  const element = shape.kind === "keyed" ? shape.element : atomic;
  const before = itemsOf(shape, live);
  const after = itemsOf(shape, config);
  return mergeOrder([...before.keys()], [...after.keys()]).map((name) =>
    after.has(name) ? mergeApplied(before.get(name), after.get(name), element) : before.get(name),
  );
}

/** The configuration's items in its order; the others stay where they are between them. */
function mergeOrder(before: readonly string[], after: readonly string[]): string[] {
  const wanted = new Set(after);
  const merged = new Set<string>();
  let next = 0;
  for (const name of before) {
    if (wanted.has(name)) {
      while (next < after.length && !merged.has(name)) merged.add(after[next++] as string);
    } else merged.add(name);
  }
  for (const name of after.slice(next)) merged.add(name);
  return [...merged];
}

/** Removes the paths of a set; a map or list that is thereby left empty goes too. */
export function removeFields(value: unknown, given: Shape, set: FieldSet): unknown {
  if (set.isEmpty) return value;
  const shape = resolve(given, value);
  if (shape.kind === "fields" && isObject(value)) {
    const kept = Object.entries(value).flatMap(([field, child]) => {
      const rest = without(child, fieldShape(shape, field), set.children.get(`f:${field}`));
      return rest === undefined ? [] : [[field, rest] as const];
    });
    return kept.length === 0 ? undefined : Object.fromEntries(kept);
  }
  if ((shape.kind !== "keyed" && shape.kind !== "set") || !Array.isArray(value)) return value;
  const element = shape.kind === "keyed" ? shape.element : atomic;
  const kept = [...itemsOf(shape, value)]
    .map(([name, item]) => without(item, element, set.children.get(name)))
    .filter((item) => item !== undefined);
  return kept.length === 0 ? undefined : kept;
}

function without(value: unknown, shape: Shape, set: FieldSet | undefined): unknown {
  if (set === undefined) return value;
  return set.member ? undefined : removeFields(value, shape, set);
}
