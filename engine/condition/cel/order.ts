import { toNumber } from "./equality.ts";
import type { Run } from "./run.ts";
import { Bytes, Duration, Failure, type Result, Timestamp, typeName, type Value } from "./value.ts";

export type Relation = "<" | "<=" | ">" | ">=";

/** `a < b` and its kin: numbers by value whatever their types, everything else within its type. */
export function relate(relation: Relation, a: Value, b: Value, run: Run): Result {
  const numberA = toNumber(a);
  const numberB = toNumber(b);
  if (numberA !== undefined && numberB !== undefined) {
    // An integer is compared with a double as a double, as the conformance data has it.
    if (typeof numberA === typeof numberB) return holds(relation, numberA, numberB);
    return holds(relation, Number(numberA), Number(numberB));
  }
  if (typeof a === "string" && typeof b === "string") {
    run.spendText(Math.min(a.length, b.length));
    return holds(relation, compareText(a, b), 0);
  }
  if (a instanceof Timestamp && b instanceof Timestamp) return holds(relation, a.nanos, b.nanos);
  if (a instanceof Duration && b instanceof Duration) return holds(relation, a.nanos, b.nanos);
  if (typeof a === "boolean" && typeof b === "boolean") return holds(relation, Number(a), Number(b));
  if (a instanceof Bytes && b instanceof Bytes) {
    run.spendText(Math.min(a.bytes.length, b.bytes.length));
    return holds(relation, Buffer.compare(a.bytes, b.bytes), 0);
  }
  return new Failure(`${typeName(a)} ${relation} ${typeName(b)} is not defined`);
}

function holds(relation: Relation, a: number | bigint, b: number | bigint): boolean {
  if (relation === "<") return a < b;
  if (relation === "<=") return a <= b;
  return relation === ">" ? a > b : a >= b;
}

/** Orders by code points, as UTF-8 does: UTF-16 would put what lies beyond U+FFFF before U+E000. */
function compareText(a: string, b: string): number {
  const length = Math.min(a.length, b.length);
  for (let index = 0; index < length; index++) {
    const unitA = a.charCodeAt(index);
    const unitB = b.charCodeAt(index);
    if (unitA === unitB) continue;
    const surrogateA = isSurrogate(unitA);
    return surrogateA === isSurrogate(unitB) ? unitA - unitB : surrogateA ? 1 : -1;
  }
  return a.length - b.length;
}

function isSurrogate(unit: number): boolean {
  return unit >= 0xd800 && unit <= 0xdfff;
}
