import { checkScalar, describeType } from "./check-scalar.ts";
import { checkUniqueness } from "./check-uniqueness.ts";
import { type ProblemList, quote } from "./manifest-problem.ts";
import type { SchemaNode } from "./schema-node.ts";
import { suggest } from "./suggest.ts";

/** Kubernetes keeps an object in one request to etcd, which takes 1.5 MiB (`--max-request-bytes`). */
export const MAX_OBJECT_BYTES = 1_572_864;

/** One walk over one manifest. */
export interface Walk {
  readonly problems: ProblemList;
  /** Characters of keys and strings seen so far, which are fewer than the bytes that are stored. */
  characters: number;
  /** Whether something is wrong after which the API server does not ask the rules either, because they presume types. */
  blocked: boolean;
}

/**
 * Checks a JSON value against a schema as the API server does and returns a copy with the defaults filled in and
 * without unknown fields and values of a wrong type, so that what is there has the type that the schema says. The walk is as deep as the schema,
 * never as deep as the value, and ends with the problem list full or the object too large.
 */
export function checkStructure(node: SchemaNode, value: unknown, path: string, walk: Walk): unknown {
  switch (node.schema.type) {
    case "object":
      if (!isObject(value)) return reportType(node, value, path, walk);
      return node.additional === undefined
        ? checkProperties(node, value, path, walk)
        : checkMap(node, node.additional, value, path, walk);
    case "array":
      if (!Array.isArray(value)) return reportType(node, value, path, walk);
      return checkList(node, value, path, walk);
    default:
      return checkScalar(node, value, path, walk);
  }
}

function checkProperties(node: SchemaNode, value: object, path: string, walk: Walk): object {
  const copy: Record<string, unknown> = {};
  for (const name of Object.keys(value)) {
    const child = node.properties.get(name);
    if (child === undefined) {
      reportUnknown(node, name, path, walk);
      if (walk.problems.full) return copy;
      continue;
    }
    // A null counts as left out: the API server prunes it before it looks.
    const given = (value as Record<string, unknown>)[name] ?? undefined;
    if (given === undefined || child.schema.type === undefined) continue;
    walk.characters += name.length + 3;
    const checked = checkStructure(child, given, join(path, name), walk);
    if (checked !== undefined) copy[name] = checked;
    if (isOver(walk)) return copy;
  }
  for (const [name, child] of node.defaults) {
    if (isGiven(value, name)) continue;
    copy[name] = checkStructure(child, child.schema.default, join(path, name), walk);
  }
  for (const name of node.required) {
    if (!isGiven(value, name)) reportMissing(node.properties.get(name), join(path, name), walk);
  }
  return copy;
}

function isGiven(value: object, name: string): boolean {
  return Object.hasOwn(value, name) && ((value as Record<string, unknown>)[name] ?? undefined) !== undefined;
}

function checkMap(node: SchemaNode, child: SchemaNode, value: object, path: string, walk: Walk): object {
  const keys = Object.keys(value);
  const { maxProperties } = node.schema;
  if (maxProperties !== undefined && keys.length > maxProperties) {
    walk.blocked = true;
    walk.problems.add("SG1001", path, `has ${keys.length} entries, at most ${maxProperties} are allowed`);
    return {};
  }
  const copy: [string, unknown][] = [];
  for (const key of keys) {
    walk.characters += key.length + 3;
    const entry = (value as Record<string, unknown>)[key] ?? undefined;
    if (entry === undefined) continue;
    const checked = checkStructure(child, entry, join(path, key), walk);
    if (checked !== undefined) copy.push([key.toWellFormed(), checked]);
    if (isOver(walk)) break;
  }
  // INVARIANT: fromEntries defines own properties, so that a key such as __proto__ stays a key.
  return Object.fromEntries(copy);
}

function checkList(node: SchemaNode, value: readonly unknown[], path: string, walk: Walk): unknown[] {
  const { minItems, maxItems } = node.schema;
  if (maxItems !== undefined && value.length > maxItems) {
    walk.blocked = true;
    walk.problems.add("SG1001", path, `has ${value.length} entries, at most ${maxItems} are allowed`);
    return [];
  }
  if (minItems !== undefined && value.length < minItems) {
    const has = value.length === 0 ? "is empty" : `has only ${value.length}`;
    walk.problems.add("SG1001", path, has, `give at least ${minItems}`);
  }
  const { items } = node;
  if (items === undefined) return [];
  const copy: unknown[] = [];
  for (let index = 0; index < value.length; index++) {
    const checked = checkStructure(items, value[index], `${path}[${index}]`, walk);
    if (checked !== undefined) copy.push(checked);
    if (isOver(walk)) return copy;
  }
  if (copy.length === value.length) checkUniqueness(node.schema, copy, path, walk.problems);
  return copy;
}

function reportType(node: SchemaNode, value: unknown, path: string, walk: Walk): undefined {
  walk.blocked = true;
  walk.problems.add("SG1001", path, `is ${describeType(value)} where ${expectedType(node)} belongs`);
  return undefined;
}

function expectedType(node: SchemaNode): string {
  return node.schema.type === "array" ? "a list" : "an object";
}

function reportMissing(child: SchemaNode | undefined, path: string, walk: Walk): void {
  const purpose = child?.schema.description?.split(/\. |\.$/)[0];
  walk.blocked = true;
  walk.problems.add("SG1004", path, "is missing", purpose === undefined ? "add it" : `add it (${purpose})`);
}

function reportUnknown(node: SchemaNode, name: string, path: string, walk: Walk): void {
  const inSpec = path === "" && node.properties.get("spec")?.properties.has(name);
  const meant = inSpec ? `spec.${name}` : suggest(name, node.properties.keys());
  const known = [...node.properties.keys()];
  const remedy =
    meant !== undefined ? `did you mean ${meant}?` : `the fields here are ${known.slice(0, 12).join(", ")}`;
  walk.problems.add("SG1003", join(path, name.slice(0, 64)), `there is no field ${quote(name)}`, remedy);
}

function isOver(walk: Walk): boolean {
  return walk.problems.full || walk.characters > MAX_OBJECT_BYTES;
}

function isObject(value: unknown): value is object {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === null || prototype === Object.prototype;
}

/** A field below a path, as the API server writes it. */
export function join(path: string, name: string): string {
  return path === "" ? name : `${path}.${name}`;
}
