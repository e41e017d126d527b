import type { ASTNode } from "@marcbachmann/cel-js";
import { childrenOf } from "./cel/syntax.ts";
import { parseCondition } from "./parse-condition.ts";

const attributes =
  /^(?:context|token\.claims|(?:subject|resource|member|scope|organization|workspace)\.attributes)$/;

/**
 * The attributes, entries of the context and claims that a condition uses without asking in the same condition whether they
 * are there, with `has(subject.attributes.team)` or `"team" in subject.attributes`: "subject.attributes.team", in the order
 * of use. None for a source that cannot be parsed.
 */
export function uncheckedAttributes(source: string): string[] {
  const root = parseCondition(source);
  if (root === undefined) return [];
  const used = new Set<string>();
  const checked = new Set<string>();
  const stack: { node: ASTNode; isAsked: boolean }[] = [{ node: root, isAsked: false }];
  for (let top = stack.pop(); top !== undefined; top = stack.pop()) {
    const { node, isAsked } = top;
    const key = keyOf(node);
    if (key !== undefined) (isAsked ? checked : used).add(key);
    const asked = askedByIn(node);
    if (asked !== undefined) checked.add(asked);
    const asks = isAsked || (node.op === "call" && node.args[0] === "has");
    for (const child of childrenOf(node).toReversed()) stack.push({ node: child, isAsked: asks });
  }
  return [...used].filter((path) => !checked.has(path));
}

/** "context.mfa" for `context.mfa` and `context["mfa"]`. */
function keyOf(node: ASTNode): string | undefined {
  if (node.op === ".") return under(node.args[0], node.args[1]);
  if (node.op !== "[]" || node.args[1].op !== "value") return undefined;
  return under(node.args[0], node.args[1].args);
}

/** The same for `"mfa" in context`. */
function askedByIn(node: ASTNode): string | undefined {
  return node.op === "in" && node.args[0].op === "value" ? under(node.args[1], node.args[0].args) : undefined;
}

function under(operand: ASTNode, key: unknown): string | undefined {
  const map = operand.op === "." ? `${nameOf(operand.args[0])}.${operand.args[1]}` : nameOf(operand);
  return typeof key === "string" && attributes.test(map) ? `${map}.${key}` : undefined;
}

function nameOf(node: ASTNode): string {
  return node.op === "id" ? node.args : "";
}
