import type { ProblemList } from "./manifest-problem.ts";
import type { CompiledRule, SchemaNode } from "./schema-node.ts";
import { join } from "./walk.ts";

/**
 * Asks the CEL rules of a schema about a value that fits its structure.
 *
 * @param old the value before the change, or undefined when the object is new; rules about a change are asked only with it
 */
export function checkRules(
  node: SchemaNode,
  value: unknown,
  old: unknown,
  path: string,
  problems: ProblemList,
): void {
  if (!node.hasRules || value === undefined || problems.full) return;
  if (node.rules.length > 0) {
    const variables = { self: toCel(node, value), oldSelf: old === undefined ? undefined : toCel(node, old) };
    for (const rule of node.rules) {
      if (rule.isTransition && old === undefined) continue;
      const failure = failureOf(rule, variables);
      if (failure !== undefined)
        problems.add(rule.isTransition ? "SG1007" : "SG1006", path + (rule.fieldPath ?? ""), failure);
    }
  }
  checkChildren(node, value, old, path, problems);
}

function checkChildren(
  node: SchemaNode,
  value: unknown,
  old: unknown,
  path: string,
  problems: ProblemList,
): void {
  if (node.items !== undefined) {
    (value as readonly unknown[]).forEach((item, index) => {
      checkRules(node.items as SchemaNode, item, undefined, `${path}[${index}]`, problems);
    });
    return;
  }
  for (const [name, child] of node.ruled) {
    checkRules(child, field(value, name), field(old, name), join(path, name), problems);
  }
  if (node.additional?.hasRules !== true) return;
  for (const key of Object.keys(value as object)) {
    checkRules(node.additional, field(value, key), field(old, key), join(path, key), problems);
  }
}

/** Why a rule does not hold, or undefined when it does. An evaluation that fails counts as broken, as on the API server. */
function failureOf(rule: CompiledRule, variables: { self: unknown; oldSelf: unknown }): string | undefined {
  try {
    return rule.holds(variables) === true ? undefined : rule.message;
  } catch {
    return `${rule.message} (the rule could not be evaluated)`;
  }
}

/**
 * A value as CEL sees it: integers as int, instants as timestamps, and maps as Map, because their keys may be such as
 * `constructor`. Parts without any of these are passed as they are.
 */
function toCel(node: SchemaNode, value: unknown): unknown {
  if (!node.needsConversion || value === undefined) return value;
  if (node.schema.type === "integer") return BigInt(value as number);
  if (node.schema.format === "date-time") return new Date(value as string);
  const { items, additional } = node;
  if (items !== undefined) return (value as readonly unknown[]).map((item) => toCel(items, item));
  if (additional !== undefined) {
    return new Map(Object.entries(value as object).map(([key, entry]) => [key, toCel(additional, entry)]));
  }
  const converted: Record<string, unknown> = { ...(value as object) };
  for (const [name, child] of node.converted) {
    if (name in converted) converted[name] = toCel(child, converted[name]);
  }
  return converted;
}

function field(value: unknown, name: string): unknown {
  if (typeof value !== "object" || value === null || !Object.hasOwn(value, name)) return undefined;
  return (value as Record<string, unknown>)[name];
}
