import type { ASTNode } from "@marcbachmann/cel-js";
import { childrenOf } from "./cel/syntax.ts";
import { parseCondition } from "./parse-condition.ts";

/**
 * What a condition selects from its variables, each once and in the order of use: `["resource", "attributes", "owner"]` for
 * `resource.attributes.owner` and `resource.attributes["owner"]`. None for a source that can not be parsed.
 */
export function selectionsIn(source: string): string[][] {
  const root = parseCondition(source);
  const found = new Map<string, string[]>();
  const stack = root === undefined ? [] : [root];
  for (let node = stack.pop(); node !== undefined; node = stack.pop()) {
    const path = pathOf(node);
    if (path !== undefined) found.set(path.join("."), path);
    else stack.push(...childrenOf(node).toReversed());
  }
  return [...found.values()];
}

function pathOf(node: ASTNode): string[] | undefined {
  if (node.op === "id") return [node.args];
  const key = keyOf(node);
  if (key === undefined || (node.op !== "." && node.op !== "[]")) return undefined;
  const above = pathOf(node.args[0]);
  return above && [...above, key];
}

function keyOf(node: ASTNode): string | undefined {
  if (node.op === ".") return node.args[1];
  if (node.op !== "[]" || node.args[1].op !== "value") return undefined;
  return typeof node.args[1].args === "string" ? node.args[1].args : undefined;
}
