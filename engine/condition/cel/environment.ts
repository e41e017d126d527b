import { type ASTNode, Environment } from "@marcbachmann/cel-js";
import { childrenOf } from "./syntax.ts";

/** The bounds that the parser keeps. */
export interface SyntaxLimits {
  readonly maxDepth: number;
  readonly maxAstNodes: number;
}

/**
 * An environment of the library that parses and checks. It knows the functions of the standard library that the library
 * itself lacks by their types; nothing is ever evaluated with it (docs/adr/0008).
 */
export function createEnvironment(limits: SyntaxLimits): Environment {
  const environment = new Environment({ homogeneousAggregateLiterals: false, limits });
  for (const signature of signatures) environment.registerFunction(signature, neverCalled);
  for (const signature of operatorSignatures) environment.registerOperator(signature, neverCalled);
  return environment;
}

const TIMESTAMP = "google.protobuf.Timestamp";
const DURATION = "google.protobuf.Duration";

const signatures = [
  "matches(string, string): bool",
  `string(${TIMESTAMP}): string`,
  `string(${DURATION}): string`,
  `int(${TIMESTAMP}): int`,
  "int(uint): int",
  `timestamp(${TIMESTAMP}): ${TIMESTAMP}`,
  `duration(${DURATION}): ${DURATION}`,
];

const operatorSignatures = ["<", "<=", ">", ">="].map((relation) => `bytes ${relation} bytes`);

function neverCalled(): never {
  throw new Error("the library's evaluator is not used");
}

/** The library's own view of a node that is a macro, which its types leave out. */
interface MacroNode {
  readonly meta: { readonly macro?: HasMacro };
}

interface HasMacro {
  readonly args: readonly ASTNode[];
  typeCheck(checker: TypeChecker, macro: HasMacro, context: unknown): unknown;
}

interface TypeChecker {
  check(node: ASTNode, context: unknown): unknown;
  getType(name: string): unknown;
}

/**
 * Lets `has()` take any operand, such as `has(a["b"].c)`: the library's check takes names and fields only. The operand is
 * checked as an expression, so an unknown field in it is found as well.
 */
export function checkOperandsOfHas(root: ASTNode): void {
  const stack = [root];
  for (let node = stack.pop(); node !== undefined; node = stack.pop()) {
    if (node.op === "call" && node.args[0] === "has") {
      const macro = (node as unknown as MacroNode).meta.macro;
      if (macro !== undefined) macro.typeCheck = checkHas;
    }
    stack.push(...childrenOf(node));
  }
}

function checkHas(checker: TypeChecker, macro: HasMacro, context: unknown): unknown {
  for (const arg of macro.args) checker.check(arg, context);
  return checker.getType("bool");
}
