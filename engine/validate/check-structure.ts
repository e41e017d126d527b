import { checkScalar } from "./check-scalar.ts";
import { checkUniqueness } from "./check-uniqueness.ts";
import { reportMissing, reportType, reportUnknown } from "./report-misfit.ts";
import type { SchemaNode } from "./schema-node.ts";
import { isObject, isOver, join, member, type Walk } from "./walk.ts";

type Members = Readonly<Record<string, unknown>>;

/**
 * Checks a JSON value against a schema as the API server does and returns a copy with the defaults filled in and
 * without unknown fields and values of a wrong type, so that what is there has the type that the schema says. The walk
 * is as deep as the schema, never as deep as the value, and ends with the problem list full or the object too large.
 */
export function checkStructure(node: SchemaNode, value: unknown, path: string, walk: Walk): unknown {
  switch (node.schema.type) {
    case "object":
      if (!isObject(value)) return reportType(node, value, path, walk);
      return node.additional === undefined
        ? checkProperties(node, value, path, walk)
        : checkMap(node, node.additional, value, path, walk);
    case "array":
      return Array.isArray(value) ? checkList(node, value, path, walk) : reportType(node, value, path, walk);
    default:
      return checkScalar(node, value, path, walk);
  }
}

function checkProperties(node: SchemaNode, value: Members, path: string, walk: Walk): object {
  const copy: Record<string, unknown> = {};
  for (const name of Object.keys(value)) {
    const child = node.properties.get(name);
    if (child === undefined) {
      reportUnknown(node, name, path, walk);
      if (walk.problems.full) return copy;
      continue;
    }
    const given = member(value, name);
    if (given === undefined || child.schema.type === undefined) continue;
    walk.characters += name.length + 3;
    const checked = checkStructure(child, given, join(path, name), walk);
    if (checked !== undefined) copy[name] = checked;
    if (isOver(walk)) return copy;
  }
  for (const [name, child] of node.defaults) {
    if (member(value, name) !== undefined) continue;
    copy[name] = checkStructure(child, child.schema.default, join(path, name), walk);
  }
  for (const name of node.required) {
    if (member(value, name) === undefined) reportMissing(node.properties.get(name), join(path, name), walk);
  }
  return copy;
}

function checkMap(node: SchemaNode, child: SchemaNode, value: Members, path: string, walk: Walk): object {
  const keys = Object.keys(value).filter((key) => member(value, key) !== undefined);
  if (isOverfull(keys.length, node.schema.maxProperties, path, walk)) return {};
  const copy: [string, unknown][] = [];
  for (const key of keys) {
    walk.characters += key.length + 3;
    const checked = checkStructure(child, value[key], join(path, key), walk);
    if (checked !== undefined) copy.push([key.toWellFormed(), checked]);
    if (isOver(walk)) break;
  }
  // INVARIANT: fromEntries defines own properties, so that a key such as __proto__ stays a key.
  return Object.fromEntries(copy);
}

function checkList(node: SchemaNode, value: readonly unknown[], path: string, walk: Walk): unknown[] {
  const { minItems, maxItems } = node.schema;
  const { items } = node;
  if (items === undefined || isOverfull(value.length, maxItems, path, walk)) return [];
  if (minItems !== undefined && value.length < minItems) {
    const has = value.length === 0 ? "is empty" : `has only ${value.length}`;
    walk.problems.add("SG1001", path, has, `give at least ${minItems}`);
  }
  const copy: unknown[] = [];
  for (let index = 0; index < value.length; index++) {
    const checked = checkStructure(items, value[index], `${path}[${index}]`, walk);
    if (checked !== undefined) copy.push(checked);
    if (isOver(walk)) return copy;
  }
  if (copy.length === value.length) checkUniqueness(node.schema, copy, path, walk.problems);
  return copy;
}

/** Whether a list or map has more entries than it may; if so, none of them is looked at. */
function isOverfull(length: number, most: number | undefined, path: string, walk: Walk): boolean {
  if (most === undefined || length <= most) return false;
  walk.blocked = true;
  walk.problems.add("SG1001", path, `has ${length} entries, at most ${most} are allowed`);
  return true;
}
