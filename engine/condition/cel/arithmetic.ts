import type { Run } from "./run.ts";
import {
  Bytes,
  Duration,
  Failure,
  isList,
  type Result,
  Timestamp,
  typeName,
  Uint,
  type Value,
} from "./value.ts";

export type Arithmetic = "+" | "-" | "*" | "/" | "%";

export const MIN_INT = -(2n ** 63n);
export const MAX_INT = 2n ** 63n - 1n;
export const MAX_UINT = 2n ** 64n - 1n;

export const NANOS_PER_SECOND = 1_000_000_000n;
/** The years 1 to 9999. */
const MIN_TIMESTAMP = -62_135_596_800n * NANOS_PER_SECOND;
const MAX_TIMESTAMP = 253_402_300_800n * NANOS_PER_SECOND - 1n;

export function calculate(operator: Arithmetic, a: Value, b: Value, run: Run): Result {
  if (typeof a === "bigint" && typeof b === "bigint") return integers(operator, a, b, toInt);
  if (typeof a === "number" && typeof b === "number") return doubles(operator, a, b);
  if (a instanceof Uint && b instanceof Uint) return integers(operator, a.value, b.value, toUint);
  if (operator === "+") {
    const joined = join(a, b, run);
    if (joined !== undefined) return joined;
  }
  const time = operator === "+" || operator === "-" ? times(operator, a, b) : undefined;
  return time ?? new Failure(`${typeName(a)} ${operator} ${typeName(b)} is not defined`);
}

export function negate(value: Value): Result {
  if (typeof value === "bigint") return toInt(-value);
  return typeof value === "number" ? -value : new Failure(`-${typeName(value)} is not defined`);
}

export function toInt(value: bigint): bigint | Failure {
  return value < MIN_INT || value > MAX_INT ? new Failure("the int is out of range") : value;
}

export function toUint(value: bigint): Uint | Failure {
  return value < 0n || value > MAX_UINT ? new Failure("the uint is out of range") : new Uint(value);
}

export function toTimestamp(nanos: bigint): Timestamp | Failure {
  const fits = nanos >= MIN_TIMESTAMP && nanos <= MAX_TIMESTAMP;
  return fits ? new Timestamp(nanos) : new Failure("the timestamp is out of range");
}

export function toDuration(nanos: bigint): Duration | Failure {
  // As other implementations, which count nanoseconds in 64 bits: about 292 years.
  const fits = nanos >= MIN_INT && nanos <= MAX_INT;
  return fits ? new Duration(nanos) : new Failure("the duration is out of range");
}

function integers(operator: Arithmetic, a: bigint, b: bigint, toType: (value: bigint) => Result): Result {
  switch (operator) {
    case "+":
      return toType(a + b);
    case "-":
      return toType(a - b);
    case "*":
      return toType(a * b);
    case "/":
      return b === 0n ? new Failure("division by zero") : toType(a / b);
    case "%":
      return b === 0n ? new Failure("modulus by zero") : toType(a % b);
  }
}

function doubles(operator: Arithmetic, a: number, b: number): Result {
  switch (operator) {
    case "+":
      return a + b;
    case "-":
      return a - b;
    case "*":
      return a * b;
    case "/":
      return a / b;
    case "%":
      return new Failure("double % double is not defined");
  }
}

function join(a: Value, b: Value, run: Run): Value | undefined {
  if (typeof a === "string" && typeof b === "string") {
    run.spendText(a.length + b.length);
    return a + b;
  }
  if (isList(a) && isList(b)) {
    run.spend(a.length + b.length);
    return [...a, ...b];
  }
  if (a instanceof Bytes && b instanceof Bytes) {
    run.spendText(a.bytes.length + b.bytes.length);
    return new Bytes(Buffer.concat([a.bytes, b.bytes]));
  }
  return undefined;
}

function times(operator: "+" | "-", a: Value, b: Value): Result | undefined {
  const sign = operator === "+" ? 1n : -1n;
  if (b instanceof Duration) {
    if (a instanceof Timestamp) return toTimestamp(a.nanos + sign * b.nanos);
    if (a instanceof Duration) return toDuration(a.nanos + sign * b.nanos);
  }
  if (!(b instanceof Timestamp)) return undefined;
  if (operator === "-" && a instanceof Timestamp) return toDuration(a.nanos - b.nanos);
  return operator === "+" && a instanceof Duration ? toTimestamp(a.nanos + b.nanos) : undefined;
}
