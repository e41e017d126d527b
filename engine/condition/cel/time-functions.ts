import { floorDivide } from "./format-time.ts";
import type { Run } from "./run.ts";
import type { CelFunction } from "./text-functions.ts";
import { Duration, Failure, Timestamp } from "./value.ts";

const MILLISECOND = 1_000_000n;
const DAY_MS = 86_400_000;
/** Steps for setting up a time zone. */
const ZONE_STEPS = 2_000;

type Part = (local: Date) => number;

/** The parts of an instant. Each reads a date whose UTC fields are the wanted zone's clock. */
export const timestampParts: { readonly [name: string]: Part } = {
  getFullYear: (local) => local.getUTCFullYear(),
  getMonth: (local) => local.getUTCMonth(),
  getDate: (local) => local.getUTCDate(),
  getDayOfMonth: (local) => local.getUTCDate() - 1,
  getDayOfWeek: (local) => local.getUTCDay(),
  getDayOfYear: (local) => {
    const first = new Date(local);
    first.setUTCMonth(0, 1);
    return Math.round((local.getTime() - first.getTime()) / DAY_MS);
  },
  getHours: (local) => local.getUTCHours(),
  getMinutes: (local) => local.getUTCMinutes(),
  getSeconds: (local) => local.getUTCSeconds(),
  getMilliseconds: (local) => local.getUTCMilliseconds(),
};

/** How many nanoseconds the whole of a duration is divided by. Milliseconds are those beyond the last second. */
export const durationParts: ReadonlyMap<string, (nanos: bigint) => bigint> = new Map([
  ["getHours", (nanos: bigint) => nanos / 3_600_000_000_000n],
  ["getMinutes", (nanos: bigint) => nanos / 60_000_000_000n],
  ["getSeconds", (nanos: bigint) => nanos / 1_000_000_000n],
  ["getMilliseconds", (nanos: bigint) => (nanos / MILLISECOND) % 1_000n],
]);

export function timePart(name: string): CelFunction {
  const part = timestampParts[name] as Part;
  const ofDuration = durationParts.get(name);
  return ([time, zone], run) => {
    if (time instanceof Duration) return zone === undefined ? ofDuration?.(time.nanos) : undefined;
    if (!(time instanceof Timestamp)) return undefined;
    const instant = new Date(Number(floorDivide(time.nanos, MILLISECOND)));
    if (zone === undefined) return BigInt(part(instant));
    if (typeof zone !== "string") return undefined;
    const local = toZone(instant, zone, run);
    return local instanceof Failure ? local : BigInt(part(local));
  };
}

const offset = /^([+-]?)(\d\d):(\d\d)$/;

/** A date whose UTC fields are the clock of a time zone: an offset such as +02:00 or a name such as Europe/Berlin. */
function toZone(instant: Date, zone: string, run: Run): Date | Failure {
  const match = zone.length > 6 ? null : offset.exec(zone);
  if (match !== null) {
    const minutes = Number(match[2]) * 60 + Number(match[3]);
    return new Date(instant.getTime() + (match[1] === "-" ? -minutes : minutes) * 60_000);
  }
  const unknown = new Failure("the text is no time zone such as Europe/Berlin or +02:00");
  if (zone.length > 64) return unknown;
  run.spend(ZONE_STEPS);
  try {
    return clockIn(new Intl.DateTimeFormat("en-US", { ...fields, timeZone: zone }), instant);
  } catch {
    return unknown;
  }
}

const fields = {
  calendar: "iso8601",
  numberingSystem: "latn",
  hourCycle: "h23",
  era: "short",
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
