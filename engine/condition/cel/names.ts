import type { ASTNode } from "@marcbachmann/cel-js";
import type { Evaluate, ReadVariable } from "./run.ts";

/** What names mean where an expression stands. */
export interface Names {
  readonly variables: ReadonlyMap<string, ReadVariable>;
  /** The variables of the comprehensions around, outermost first; the last of a name hides the others. */
  readonly locals: readonly string[];
  /** The regular expressions of the source so far. */
  readonly patterns: { instructions: number };
}

/** Compiles any expression. Throws CompileProblem at what is no part of CEL here. */
export type Compile = (node: ASTNode, names: Names) => Evaluate;
