import type { ASTNode } from "@marcbachmann/cel-js";
import { conditionLimits } from "../../model/condition-limits.ts";
import { CompileProblem } from "./compile-problem.ts";
import { functions } from "./functions.ts";
import type { Compile, Names } from "./names.ts";
import { parseDuration, parseTimestamp } from "./parse-time.ts";
import { compilePattern } from "./pattern.ts";
import type { Evaluate } from "./run.ts";
import type { CelFunction } from "./text-functions.ts";
import { timePartIn, timestampParts } from "./time-functions.ts";
import { Failure, typeName, type Value } from "./value.ts";

const { patternInstructions } = conditionLimits;

/** A call of `name(…)`, or of `.name(…)` with the receiver first. */
export function compileCall(
  node: ASTNode,
  name: string,
  args: readonly ASTNode[],
  names: Names,
  compile: Compile,
): Evaluate {
  const count = args.length - (name.startsWith(".") ? 1 : 0);
  const apply = functions.get(`${name}/${count}`);
  if (apply === undefined) {
    throw new CompileProblem(`there is no function ${name}() with ${count} arguments`, node.start);
  }
  const literal = literalOf(args.at(-1));
  const prepared = literal === undefined ? undefined : prepare(name, args.length, literal, names);
  if (prepared instanceof Failure) throw new CompileProblem(prepared.message, (args.at(-1) as ASTNode).start);
  const evaluates = args.map((arg) => compile(arg, names));
  return applied(prepared ?? apply, name, evaluates);
}

function literalOf(node: ASTNode | undefined): string | undefined {
  return node?.op === "value" && typeof node.args === "string" ? node.args : undefined;
}

/**
 * What a function does whose last argument is a literal text, prepared once instead of at each evaluation: a regular
 * expression, an instant, a duration, a time zone. A Failure if the text is none.
 */
function prepare(
  name: string,
  count: number,
  literal: string,
  { patterns }: Names,
): CelFunction | Failure | undefined {
  if (name === "matches" || name === ".matches") {
    const pattern = compilePattern(literal);
    if (pattern instanceof Failure) return pattern;
    patterns.instructions += pattern.size;
    if (patterns.instructions > patternInstructions) {
      return new Failure(
        `the regular expressions together have more than ${patternInstructions} instructions`,
      );
    }
    return ([text], run) => (typeof text === "string" ? pattern.matches(text, run) : undefined);
  }
  if (name === "timestamp" || name === "duration") {
    const time = name === "timestamp" ? parseTimestamp(literal) : parseDuration(literal);
    return time instanceof Failure ? time : () => time;
  }
  return count === 2 && timestampParts.has(name.slice(1)) ? timePartIn(name.slice(1), literal) : undefined;
}

function applied(apply: CelFunction, name: string, evaluates: readonly Evaluate[]): Evaluate {
  return (run) => {
    const values: Value[] = [];
    for (const evaluate of evaluates) {
      const value = evaluate(run);
      if (value instanceof Failure) return value;
      values.push(value);
    }
    const result = apply(values, run);
    return result === undefined
      ? new Failure(`${name}(${values.map(typeName).join(", ")}) is not defined`)
      : result;
  };
}
