import { conditionLimits } from "../../model/condition-limits.ts";
import { sizeOf } from "./equality.ts";
import { compilePattern } from "./pattern.ts";
import { patternSize } from "./pattern-size.ts";
import type { Run } from "./run.ts";
import { Bytes, Failure, isList, isMap, type Result, type Value } from "./value.ts";

/** Steps for compiling a regular expression that is only known when the condition is evaluated, for each instruction. */
const COMPILE_PER_INSTRUCTION = 128;

/** A function over evaluated arguments, the receiver of a method first; undefined when it is not defined for their types. */
export type CelFunction = (args: readonly Value[], run: Run) => Result | undefined;

export function size([value]: readonly Value[], run: Run): Result | undefined {
  if (typeof value === "string") return BigInt(countCodePoints(value, run));
  if (value === undefined) return undefined;
  if (value instanceof Bytes) return BigInt(value.bytes.length);
  if (isList(value)) return BigInt(value.length);
  return isMap(value) ? BigInt(sizeOf(value, run)) : undefined;
}

function countCodePoints(text: string, run: Run): number {
  run.spendText(text.length);
  let count = text.length;
  for (let index = 1; index < text.length; index++) {
    const isPair =
      (text.charCodeAt(index) & 0xfc00) === 0xdc00 && (text.charCodeAt(index - 1) & 0xfc00) === 0xd800;
    if (isPair) count--;
  }
  return count;
}

/** Steps for looking for a text in another. The engine's search is not linear at worst. */
function spendSearch(text: string, part: string, run: Run): void {
  run.spendText(text.length + part.length);
  if (part.length > 8) run.spend(Math.ceil((text.length * part.length) / SEARCHED_PER_STEP));
}

/** Pairs of characters that a search that goes badly compares in the time of a step. */
const SEARCHED_PER_STEP = 256;

export function contains(text: string, part: string, run: Run): Result {
  spendSearch(text, part, run);
  return text.includes(part);
}

/** A function of two texts. */
export function onTexts(compute: (text: string, other: string, run: Run) => Result): CelFunction {
  return ([text, other], run) => {
    if (typeof text !== "string" || typeof other !== "string") return undefined;
    run.spendText(text.length + other.length);
    return compute(text, other, run);
  };
}

/** A function of one text. */
export function onText(compute: (text: string) => Result): CelFunction {
  return ([text], run) => {
    if (typeof text !== "string") return undefined;
    run.spendText(text.length);
    return compute(text);
  };
}

export function lowerAscii(text: string): string {
  return text.replace(/[A-Z]+/g, (letters) => letters.toLowerCase());
}

export function upperAscii(text: string): string {
  return text.replace(/[a-z]+/g, (letters) => letters.toUpperCase());
}

/** Compiles the expression at each evaluation; a literal one is compiled once, when the condition is. */
export function matches(text: string, pattern: string, run: Run): Result {
  if (pattern.length <= conditionLimits.patternLength)
    run.spend(patternSize(pattern) * COMPILE_PER_INSTRUCTION);
  const compiled = compilePattern(pattern);
  return compiled instanceof Failure ? compiled : compiled.matches(text, run);
}

/** `split(separator)` and `split(separator, limit)`, where the last of `limit` parts is the rest; a negative limit is none. */
export function split([text, separator, limit = -1n]: readonly Value[], run: Run): Result | undefined {
  if (typeof text !== "string" || typeof separator !== "string" || typeof limit !== "bigint")
    return undefined;
  spendSearch(text, separator, run);
  const parts = separator === "" ? Array.from(text) : text.split(separator);
  run.spend(parts.length);
  const most = Number(limit);
  if (most < 0 || parts.length <= most) return parts;
  if (most === 0) return [];
  return [...parts.slice(0, most - 1), parts.slice(most - 1).join(separator)];
}

const space = /^\p{White_Space}$/u;

/** Without the white space of Unicode at both ends. */
export function trim(text: string): string {
  let start = 0;
  let end = text.length;
  while (start < end && space.test(text.charAt(start))) start++;
  while (end > start && space.test(text.charAt(end - 1))) end--;
  return text.slice(start, end);
}

export function joinTexts([list, separator = ""]: readonly Value[], run: Run): Result | undefined {
  if (list === undefined || !isList(list) || typeof separator !== "string") return undefined;
  let length = 0;
  for (const text of list) {
    if (typeof text !== "string") return new Failure("join() of a list that holds other than strings");
    length += text.length + separator.length;
  }
  run.spend(list.length);
  run.spendText(length);
  return list.join(separator);
}
