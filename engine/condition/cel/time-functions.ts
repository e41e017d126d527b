import { floorDivide } from "./format-time.ts";
import type { CelFunction } from "./text-functions.ts";
import { Duration, Failure, Timestamp } from "./value.ts";

const MILLISECOND = 1_000_000n;
const DAY_MS = 86_400_000;
/** Steps for setting up a time zone that is only known when the condition is evaluated. */
export const SETUP_STEPS = 8_000;
/** Steps for reading the clock of a zone. */
export const CLOCK_STEPS = 200;

type Part = (local: Date) => number;

/** The parts of an instant. Each reads a date whose UTC fields are the wanted zone's clock. */
export const timestampParts: ReadonlyMap<string, Part> = new Map<string, Part>([
  ["getFullYear", (local) => local.getUTCFullYear()],
  ["getMonth", (local) => local.getUTCMonth()],
  ["getDate", (local) => local.getUTCDate()],
  ["getDayOfMonth", (local) => local.getUTCDate() - 1],
  ["getDayOfWeek", (local) => local.getUTCDay()],
  [
    "getDayOfYear",
    (local) => {
      const first = new Date(local);
      first.setUTCMonth(0, 1);
      return Math.round((local.getTime() - first.getTime()) / DAY_MS);
    },
  ],
  ["getHours", (local) => local.getUTCHours()],
  ["getMinutes", (local) => local.getUTCMinutes()],
  ["getSeconds", (local) => local.getUTCSeconds()],
  ["getMilliseconds", (local) => local.getUTCMilliseconds()],
]);

/** How many nanoseconds the whole of a duration is divided by. Milliseconds are those beyond the last second. */
export const durationParts: ReadonlyMap<string, (nanos: bigint) => bigint> = new Map([
  ["getHours", (nanos: bigint) => nanos / 3_600_000_000_000n],
  ["getMinutes", (nanos: bigint) => nanos / 60_000_000_000n],
  ["getSeconds", (nanos: bigint) => nanos / 1_000_000_000n],
  ["getMilliseconds", (nanos: bigint) => (nanos / MILLISECOND) % 1_000n],
]);

export function timePart(name: string): CelFunction {
  const part = timestampParts.get(name) as Part;
  const ofDuration = durationParts.get(name);
  return ([time, zone], run) => {
    if (time instanceof Duration) return zone === undefined ? ofDuration?.(time.nanos) : undefined;
    if (!(time instanceof Timestamp)) return undefined;
    if (zone === undefined) return BigInt(part(toDate(time)));
    if (typeof zone !== "string") return undefined;
    run.spend(SETUP_STEPS);
    const clock = clockOf(zone);
    return clock instanceof Failure ? clock : BigInt(part(clock(toDate(time))));
  };
}

/** A part of an instant in a time zone that a condition names as a literal, which is set up once. */
export function timePartIn(name: string, zone: string): CelFunction | Failure {
  const part = timestampParts.get(name) as Part;
  const clock = clockOf(zone);
  if (clock instanceof Failure) return clock;
  return ([time], run) => {
    if (!(time instanceof Timestamp)) return undefined;
    run.spend(CLOCK_STEPS);
    return BigInt(part(clock(toDate(time))));
  };
}

function toDate({ nanos }: Timestamp): Date {
  return new Date(Number(floorDivide(nanos, MILLISECOND)));
}

const offset = /^([+-]?)(\d\d):(\d\d)$/;

/**
 * The clock of a time zone, an offset such as +02:00 or a name such as Europe/Berlin: a date whose UTC fields are what that
 * clock shows at an instant.
 */
function clockOf(zone: string): ((instant: Date) => Date) | Failure {
  const unknown = new Failure("the text is no time zone such as Europe/Berlin or +02:00");
  if (zone.length > 64) return unknown;
  const match = offset.exec(zone);
  if (match !== null) {
    const minutes = Number(match[2]) * 60 + Number(match[3]);
    return (instant) => new Date(instant.getTime() + (match[1] === "-" ? -minutes : minutes) * 60_000);
  }
  try {
    const format = new Intl.DateTimeFormat("en-US", { ...fields, timeZone: zone });
    return (instant) => clockIn(format, instant);
  } catch {
    return unknown;
  }
}

const fields = {
  calendar: "iso8601",
  numberingSystem: "latn",
  hourCycle: "h23",
  year: "numeric",
  month: "numeric",
  day: "numeric",
  hour: "numeric",
  minute: "numeric",
  second: "numeric",
} as const;

function clockIn(format: Intl.DateTimeFormat, instant: Date): Date {
  const parts = new Map(format.formatToParts(instant).map(({ type, value }) => [type, value]));
  const number = (type: Intl.DateTimeFormatPartTypes): number => Number(parts.get(type));
  const local = new Date(0);
  local.setUTCFullYear(number("year"), number("month") - 1, number("day"));
  local.setUTCHours(number("hour"), number("minute"), number("second"), instant.getUTCMilliseconds());
  return local;
}
