import { MAX_INT, MAX_UINT, MIN_INT, NANOS_PER_SECOND, toInt, toTimestamp, toUint } from "./arithmetic.ts";
import { floorDivide, formatDuration, formatTimestamp } from "./format-time.ts";
import { parseDuration, parseTimestamp } from "./parse-time.ts";
import type { Run } from "./run.ts";
import {
  Bytes,
  Duration,
  Failure,
  type Result,
  Timestamp,
  TypeValue,
  typeName,
  Uint,
  type Value,
} from "./value.ts";

/** Steps for reading an instant or a duration from a text. */
const PARSE_STEPS = 50;

/** A conversion of one value; undefined when there is none from its type. */
export type Conversion = (value: Value, run: Run) => Result | undefined;

export const conversions: { readonly [name: string]: Conversion } = {
  bool: (value) =>
    typeof value === "string" ? parseBool(value) : typeof value === "boolean" ? value : undefined,
  int: toIntFrom,
  uint: toUintFrom,
  double: toDoubleFrom,
  string: toStringFrom,
  bytes: (value, run) => {
    if (typeof value !== "string") return value instanceof Bytes ? value : undefined;
    run.spendText(value.length);
    return new Bytes(Buffer.from(value, "utf8"));
  },
  timestamp: (value, run) => {
    if (typeof value === "string") {
      run.spend(PARSE_STEPS);
      return parseTimestamp(value);
    }
    if (typeof value === "bigint") return toTimestamp(value * NANOS_PER_SECOND);
    return value instanceof Timestamp ? value : undefined;
  },
  duration: (value, run) => {
    if (typeof value === "string") {
      run.spend(PARSE_STEPS);
      return parseDuration(value);
    }
    return value instanceof Duration ? value : undefined;
  },
  dyn: (value) => value,
  type: (value) => new TypeValue(typeName(value)),
};

function parseBool(text: string): Result {
  if (/^(?:1|t|T|true|TRUE|True)$/.test(text)) return true;
  return /^(?:0|f|F|false|FALSE|False)$/.test(text) ? false : new Failure("the text is no bool");
}

function toIntFrom(value: Value): Result | undefined {
  if (typeof value === "bigint") return value;
  if (typeof value === "number")
    return integral(value, MIN_INT, MAX_INT) ?? new Failure("the int is out of range");
  if (typeof value === "string") return parseInteger(value, /^[+-]?\d{1,20}$/, toInt);
  if (value instanceof Uint) return toInt(value.value);
  return value instanceof Timestamp ? floorDivide(value.nanos, NANOS_PER_SECOND) : undefined;
}

function toUintFrom(value: Value): Result | undefined {
  if (value instanceof Uint) return value;
  if (typeof value === "bigint") return toUint(value);
  if (typeof value === "string") return parseInteger(value, /^\d{1,20}$/, toUint);
  if (typeof value !== "number") return undefined;
  const whole = integral(value, 0n, MAX_UINT);
  return whole === undefined ? new Failure("the uint is out of range") : new Uint(whole);
}

/** A double without its fraction, or undefined at or beyond the bounds, where doubles are not exact. */
function integral(value: number, min: bigint, max: bigint): bigint | undefined {
  const inside = min === 0n ? value > -1 : value > Number(min);
  return inside && value < Number(max) ? BigInt(Math.trunc(value)) : undefined;
}

function parseInteger(text: string, form: RegExp, toType: (value: bigint) => Result): Result {
  if (text.length > 21 || !form.test(text)) return new Failure("the text is no integer");
  return toType(BigInt(text.replace("+", "")));
}

function toDoubleFrom(value: Value): Result | undefined {
  if (typeof value === "number") return value;
  if (typeof value === "bigint") return Number(value);
  if (value instanceof Uint) return Number(value.value);
  if (typeof value !== "string") return undefined;
  if (/^[+-]?(?:inf|infinity)$/i.test(value)) return value.startsWith("-") ? -Infinity : Infinity;
  if (value.toLowerCase() === "nan") return Number.NaN;
  const isNumber = value.length <= 400 && /^[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?$/.test(value);
  return isNumber ? Number(value) : new Failure("the text is no double");
}

function toStringFrom(value: Value, run: Run): Result | undefined {
  if (typeof value === "string") return value;
  if (typeof value === "boolean" || typeof value === "bigint") return String(value);
  if (typeof value === "number") return formatDouble(value);
  if (value instanceof Uint) return String(value.value);
  if (value instanceof Timestamp) return formatTimestamp(value);
  if (value instanceof Duration) return formatDuration(value);
  return value instanceof Bytes ? decode(value, run) : undefined;
}

function formatDouble(value: number): string {
  if (Number.isFinite(value)) return String(value);
  return Number.isNaN(value) ? "NaN" : value > 0 ? "+Inf" : "-Inf";
}

const utf8 = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

function decode({ bytes }: Bytes, run: Run): Result {
  run.spendText(bytes.length);
  try {
    return utf8.decode(bytes);
  } catch {
    return new Failure("the bytes are no UTF-8");
  }
}
