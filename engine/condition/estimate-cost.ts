import type { ASTNode } from "@marcbachmann/cel-js";
import { isMacro } from "./cel/compile-macro.ts";
import { INSTRUCTIONS_PER_STEP } from "./cel/pattern.ts";
import { patternSize } from "./cel/pattern-size.ts";
import { childrenOf } from "./cel/syntax.ts";
import { CLOCK_STEPS, SETUP_STEPS } from "./cel/time-functions.ts";

/** The elements or characters that anything is taken to have whose size the source does not tell. */
const ASSUMED_SIZE = 100;
/** Steps for a regular expression that is known only when the condition is evaluated. */
const PATTERN_STEPS = 8_000;

/**
 * The steps that an evaluation takes if everything that comes from outside has a hundred elements. A comprehension costs its
 * body as often as it has turns, so one inside another multiplies.
 */
export function estimateCost(node: ASTNode): number {
  const own = 1 + extraCost(node);
  if (node.op === "rcall" && isMacro(node.args[0], node.args[2].length)) {
    const [, range, [, ...bodies]] = node.args;
    return own + estimateCost(range) + sizeOf(range) * (1 + sum(bodies));
  }
  return own + sum(childrenOf(node));
}

function sum(nodes: readonly ASTNode[]): number {
  let total = 0;
  for (const node of nodes) total += estimateCost(node);
  return total;
}

function extraCost(node: ASTNode): number {
  if (node.op === "in") return sizeOf(node.args[1]);
  if (node.op !== "call" && node.op !== "rcall") return 0;
  const name = node.args[0];
  const args = childrenOf(node);
  if (name === "matches") return matchingCost(args[1]);
  if (!/^get[A-Z]/.test(name) || args.length !== 2) return 0;
  return args[1]?.op === "value" ? CLOCK_STEPS : SETUP_STEPS;
}

function matchingCost(pattern: ASTNode | undefined): number {
  if (pattern?.op !== "value" || typeof pattern.args !== "string") return PATTERN_STEPS;
  return Math.ceil((patternSize(pattern.args) / INSTRUCTIONS_PER_STEP) * ASSUMED_SIZE);
}

function sizeOf(node: ASTNode): number {
  switch (node.op) {
    case "list":
    case "map":
      return node.args.length;
    case "+":
      return sizeOf(node.args[0]) + sizeOf(node.args[1]);
    case "?:":
      return Math.max(sizeOf(node.args[1]), sizeOf(node.args[2]));
    case "rcall":
      return isMacro(node.args[0], node.args[2].length) ? sizeOf(node.args[1]) : ASSUMED_SIZE;
    default:
      return ASSUMED_SIZE;
  }
}
