import type { ASTNode } from "@marcbachmann/cel-js";
import { type Arithmetic, calculate } from "./arithmetic.ts";
import { CompileProblem } from "./compile-problem.ts";
import { equals, lookUp } from "./equality.ts";
import type { Compile, Names } from "./names.ts";
import { type Relation, relate } from "./order.ts";
import type { Evaluate, Run } from "./run.ts";
import { Failure, isList, isMap, type Result, typeName, type Value } from "./value.ts";

type OperatorNode = Extract<ASTNode, { args: [ASTNode, ASTNode] }>;

/** Any operator of two operands but `||` and `&&`. */
export function compileOperator(node: ASTNode, names: Names, compile: Compile): Evaluate {
  const operate = operators.get(node.op);
  if (operate === undefined) throw new CompileProblem(`there is no operator ${node.op}`, node.start);
  const [left, right] = (node as OperatorNode).args.map((side) => compile(side, names)) as [
    Evaluate,
    Evaluate,
  ];
  return (run) => {
    const a = left(run);
    if (a instanceof Failure) return a;
    const b = right(run);
    return b instanceof Failure ? b : operate(a, b, run);
  };
}

type Operate = (a: Value, b: Value, run: Run) => Result;

const operators: ReadonlyMap<string, Operate> = new Map<string, Operate>([
  ["==", equals],
  ["!=", (a, b, run) => !equals(a, b, run)],
  ["in", isIn],
  ...(["<", "<=", ">", ">="] as const).map((relation: Relation): [string, Operate] => [
    relation,
    (a, b, run) => relate(relation, a, b, run),
  ]),
  ...(["+", "-", "*", "/", "%"] as const).map((operator: Arithmetic): [string, Operate] => [
    operator,
    (a, b, run) => calculate(operator, a, b, run),
  ]),
]);

function isIn(value: Value, range: Value, run: Run): Result {
  if (isList(range)) {
    for (const element of range) {
      run.spend(1);
      if (equals(value, element, run)) return true;
    }
    return false;
  }
  if (isMap(range)) return lookUp(range, value) !== undefined;
  return new Failure(`in ${typeName(range)} is not defined`);
}
