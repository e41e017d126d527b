import type { ASTNode } from "@marcbachmann/cel-js";
import { MAX_INT, negate, toInt } from "./arithmetic.ts";
import { compileCall } from "./compile-call.ts";
import { compileAnd, compileOr, compileTernary } from "./compile-logic.ts";
import { compileMacro, isMacro } from "./compile-macro.ts";
import { compileOperator } from "./compile-operator.ts";
import { CompileProblem } from "./compile-problem.ts";
import { compileHas, compileIndex, compileSelect } from "./compile-select.ts";
import type { Names } from "./names.ts";
import type { Evaluate } from "./run.ts";
import {
  Bytes,
  Failure,
  type MapKey,
  MapValue,
  TypeValue,
  toKey,
  typeName,
  Uint,
  type Value,
} from "./value.ts";

/**
 * Turns a syntax tree into functions. Throws CompileProblem at what is no part of CEL here. What compiles one construct is given this
 * function for the expressions inside.
 */
export function compile(node: ASTNode, names: Names): Evaluate {
  switch (node.op) {
    case "value":
      return compileLiteral(node);
    case "id":
      return compileIdentifier(node, node.args, names);
    case ".":
      return compileSelect(node, node.args[0], node.args[1], names, compile);
    case "[]":
      return compileIndex(node.args[0], node.args[1], names, compile);
    case "||":
      return compileOr(node, names, compile);
    case "&&":
      return compileAnd(node, names, compile);
    case "?:":
      return compileTernary(node.args, names, compile);
    case "!_":
      return compileNot(compile(node.args, names));
    case "-_":
      return compileNegation(node.args, names);
    case "list":
      return compileList(node.args.map((element) => compile(element, names)));
    case "map":
      return compileMap(
        node.args.map(([key, value]) => [compile(key, names), compile(value, names)] as const),
      );
    case "call":
      if (node.args[0] === "has" && node.args[1].length === 1)
        return compileHas(node, node.args[1][0]!, names, compile);
      return compileCall(node, node.args[0], node.args[1], names, compile);
    case "rcall": {
      const [name, receiver, args] = node.args;
      if (isMacro(name, args.length)) return compileMacro(name, receiver, args, names, compile);
      return compileCall(node, `.${name}`, [receiver, ...args], names, compile);
    }
    default:
      return compileOperator(node, names, compile);
  }
}

function compileLiteral(node: ASTNode & { op: "value" }): Evaluate {
  const literal = node.args;
  if (typeof literal === "bigint" && literal > MAX_INT) {
    throw new CompileProblem("the integer is out of range", node.start);
  }
  // The library keeps the low byte of each UTF-16 unit, where CEL has the bytes of UTF-8.
  if (literal instanceof Uint8Array && /[^\0-\x7f]/.test(node.input.slice(node.start, node.end))) {
    throw new CompileProblem("bytes beyond ASCII must be written as escapes, such as \\xff", node.start);
  }
  const value = toValue(literal);
  return () => value;
}

function toValue(literal: (ASTNode & { op: "value" })["args"]): Value {
  if (typeof literal !== "object" || literal === null) return literal;
  return literal instanceof Uint8Array ? new Bytes(literal) : new Uint(BigInt(String(literal)));
}

function compileIdentifier(node: ASTNode, name: string, names: Names): Evaluate {
  const slot = names.locals.lastIndexOf(name);
  if (slot >= 0) return (run) => run.locals[slot] as Value;
  const read = names.variables.get(name);
  if (read !== undefined) {
    const absent = new Failure(`${name} is absent`);
    return (run) => {
      const value = read(run);
      return value === undefined ? absent : value;
    };
  }
  if (!typeNames.has(name)) throw new CompileProblem(`there is no variable ${name}`, node.start);
  const type = new TypeValue(name);
  return () => type;
}

const typeNames: ReadonlySet<string> = new Set([
  ...["bool", "int", "uint", "double", "string", "bytes", "list", "map", "null_type", "type"],
]);

function compileNot(operand: Evaluate): Evaluate {
  return (run) => {
    const value = operand(run);
    if (typeof value === "boolean") return !value;
    return value instanceof Failure ? value : new Failure(`!${typeName(value)} is not defined`);
  };
}

function compileNegation(operand: ASTNode, names: Names): Evaluate {
  if (operand.op === "value" && typeof operand.args === "bigint") {
    // The least int is the negation of a literal that is itself out of range.
    const least = toInt(-operand.args);
    if (least instanceof Failure) throw new CompileProblem("the integer is out of range", operand.start);
    return () => least;
  }
  const evaluate = compile(operand, names);
  return (run) => {
    const value = evaluate(run);
    return value instanceof Failure ? value : negate(value);
  };
}

function compileList(elements: readonly Evaluate[]): Evaluate {
  return (run) => {
    const list: Value[] = [];
    for (const element of elements) {
      const value = element(run);
      if (value instanceof Failure) return value;
      list.push(value);
    }
    return list;
  };
}

function compileMap(entries: readonly (readonly [Evaluate, Evaluate])[]): Evaluate {
  return (run) => {
    const map = new Map<MapKey, { readonly key: Value; readonly value: Value }>();
    for (const [evaluateKey, evaluateValue] of entries) {
      const key = evaluateKey(run);
      if (key instanceof Failure) return key;
      const found = typeof key === "number" ? undefined : toKey(key);
      if (found === undefined) return new Failure(`a map has no keys of type ${typeName(key)}`);
      if (map.has(found)) return new Failure("a key stands twice in a map");
      const value = evaluateValue(run);
      if (value instanceof Failure) return value;
      map.set(found, { key, value });
    }
    return new MapValue(map);
  };
}
