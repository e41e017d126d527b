import type { ASTNode } from "@marcbachmann/cel-js";
import type { Compile, Names } from "./names.ts";
import type { Evaluate } from "./run.ts";
import { Failure, type Result, typeName } from "./value.ts";

/** `a || b || c` as one: true if one is, whatever errors the others have; else the first error; else false. */
export function compileOr(node: ASTNode, names: Names, compile: Compile): Evaluate {
  return absorbing(operandsOf(node, "||", names, compile), true);
}

/** `a && b && c` as one: false if one is, whatever errors the others have; else the first error; else true. */
export function compileAnd(node: ASTNode, names: Names, compile: Compile): Evaluate {
  return absorbing(operandsOf(node, "&&", names, compile), false);
}

function absorbing(operands: readonly Evaluate[], decisive: boolean): Evaluate {
  return (run) => {
    let failure: Failure | undefined;
    for (const operand of operands) {
      const value = operand(run);
      if (value === decisive) return decisive;
      if (value !== !decisive) failure ??= notBoolean(value);
    }
    return failure ?? !decisive;
  };
}

/** The error of a value that is no bool where one is needed. */
export function notBoolean(value: Result): Failure {
  return value instanceof Failure ? value : new Failure(`a ${typeName(value)} stands where a bool is needed`);
}

/** The operands of a chain of one operator, however it is nested, so that a long chain is not deep. */
function operandsOf(node: ASTNode, operator: "||" | "&&", names: Names, compile: Compile): Evaluate[] {
  const operands: Evaluate[] = [];
  const stack = [node];
  for (let next = stack.pop(); next !== undefined; next = stack.pop()) {
    if (next.op === operator) stack.push(next.args[1], next.args[0]);
    else operands.push(compile(next, names));
  }
  return operands;
}

export function compileTernary(
  parts: readonly [ASTNode, ASTNode, ASTNode],
  names: Names,
  compile: Compile,
): Evaluate {
  const [condition, then, otherwise] = parts.map((part) => compile(part, names)) as [
    Evaluate,
    Evaluate,
    Evaluate,
  ];
  return (run) => {
    const value = condition(run);
    return value === true ? then(run) : value === false ? otherwise(run) : notBoolean(value);
  };
}
