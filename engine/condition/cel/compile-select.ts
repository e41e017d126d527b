import type { ASTNode } from "@marcbachmann/cel-js";
import { CompileProblem } from "./compile-problem.ts";
import { lookUp } from "./equality.ts";
import type { Compile, Names } from "./names.ts";
import type { Evaluate, ReadVariable } from "./run.ts";
import { pathOf } from "./syntax.ts";
import { Failure, isList, isMap, type Result, TypeValue, typeName, Uint, type Value } from "./value.ts";

const qualifiedTypes: ReadonlySet<string> = new Set([
  "google.protobuf.Timestamp",
  "google.protobuf.Duration",
]);

/** `operand.field`. */
export function compileSelect(
  node: ASTNode,
  operand: ASTNode,
  field: string,
  names: Names,
  compile: Compile,
): Evaluate {
  const qualified = `${pathOf(operand)}.${field}`;
  if (qualifiedTypes.has(qualified) && !names.locals.includes("google")) {
    const type = new TypeValue(qualified);
    return () => type;
  }
  const evaluate = compile(operand, names);
  const absent = new Failure(`${describe(node)} is absent`);
  return (run) => {
    const value = evaluate(run);
    if (value instanceof Failure) return value;
    if (isMap(value)) {
      const found = lookUp(value, field);
      return found === undefined ? absent : found;
    }
    return new Failure(`${typeName(value)}.${field} is not defined`);
  };
}

/** `operand[index]`. */
export function compileIndex(operand: ASTNode, index: ASTNode, names: Names, compile: Compile): Evaluate {
  const evaluate = compile(operand, names);
  const evaluateIndex = compile(index, names);
  const absent = new Failure("there is no such key or index");
  return (run) => {
    const value = evaluate(run);
    if (value instanceof Failure) return value;
    const key = evaluateIndex(run);
    if (key instanceof Failure) return key;
    const found = at(value, key);
    return found === undefined ? absent : found;
  };
}

function at(value: Value, key: Value): Result | undefined {
  if (isMap(value)) return lookUp(value, key);
  if (!isList(value)) return new Failure(`${typeName(value)}[…] is not defined`);
  const index = key instanceof Uint ? key.value : key;
  if (typeof index === "bigint" || Number.isInteger(index)) return value[Number(index)];
  return new Failure(`list[${typeName(key)}] is not defined`);
}

/**
 * `has(operand.field)`. False of what is absent and of anything below it: a variable that is absent, a field, a key in
 * brackets. Any other error in the operand is an error here too.
 */
export function compileHas(node: ASTNode, selected: ASTNode, names: Names, compile: Compile): Evaluate {
  if (selected.op !== ".") throw new CompileProblem("has() needs a selection, such as has(a.b)", node.start);
  const read = compilePresent(selected, names, compile);
  return (run) => {
    const value = read(run);
    return value instanceof Failure ? value : value !== undefined;
  };
}

/** An expression that gives undefined where it, or what it is selected from, is absent. */
function compilePresent(node: ASTNode, names: Names, compile: Compile): ReadVariable {
  if (node.op === "id" && !names.locals.includes(node.args)) {
    const read = names.variables.get(node.args);
    if (read !== undefined) return read;
  }
  if (node.op === ".") {
    const [operand, field] = node.args;
    return presentAt(compilePresent(operand, names, compile), () => field);
  }
  if (node.op === "[]")
    return presentAt(compilePresent(node.args[0], names, compile), compile(node.args[1], names));
  return compile(node, names);
}

function presentAt(read: ReadVariable, key: Evaluate): ReadVariable {
  return (run) => {
    const value = read(run);
    if (value === undefined || value instanceof Failure) return value;
    const found = key(run);
    if (found instanceof Failure) return found;
    if (isMap(value)) return lookUp(value, found);
    if (isList(value)) {
      const element = at(value, found);
      return element === undefined ? new Failure("there is no such index") : element;
    }
    return new Failure(`${typeName(value)} has no fields`);
  };
}

function describe(node: ASTNode): string {
  return node.input.slice(node.start, Math.min(node.end, node.start + 64)).replace(/\s+/g, " ");
}
