import { NANOS_PER_SECOND, toDuration, toTimestamp } from "./arithmetic.ts";
import { type Duration, Failure, type Timestamp } from "./value.ts";

const instant = /^(\d{4})-(\d\d)-(\d\d)[Tt](\d\d):(\d\d):(\d\d)(?:\.(\d{1,9}))?(?:[Zz]|([+-])(\d\d):(\d\d))$/;

/** Reads an instant of RFC 3339, such as 2026-12-31T23:59:59.5Z or 2026-12-31T23:59:59+02:00. */
export function parseTimestamp(text: string): Timestamp | Failure {
  // The length is bounded before the expression is asked, and with it the work.
  const match = text.length > 40 ? null : instant.exec(text);
  if (match === null) return notAnInstant();
  const [, year, month, day, hour, minute, second, fraction = "", sign, zoneHour = "0", zoneMinute = "0"] =
    match;
  const date = new Date(0);
  date.setUTCFullYear(Number(year), Number(month) - 1, Number(day));
  const isReal = date.getUTCMonth() === Number(month) - 1 && date.getUTCDate() === Number(day);
  if (!isReal || Number(hour) > 23 || Number(minute) > 59 || Number(second) > 59) return notAnInstant();
  if (Number(zoneHour) > 23 || Number(zoneMinute) > 59) return notAnInstant();
  const zone = (Number(zoneHour) * 60 + Number(zoneMinute)) * 60 * (sign === "-" ? -1 : 1);
  const seconds = date.getTime() / 1000 + Number(hour) * 3600 + Number(minute) * 60 + Number(second) - zone;
  return toTimestamp(BigInt(seconds) * NANOS_PER_SECOND + BigInt(fraction.padEnd(9, "0")));
}

function notAnInstant(): Failure {
  return new Failure("the text is no instant such as 2026-12-31T23:59:59Z");
}

const unitNanos: ReadonlyMap<string, bigint> = new Map([
  ["h", 3_600_000_000_000n],
  ["m", 60_000_000_000n],
  ["s", NANOS_PER_SECOND],
  ["ms", 1_000_000n],
  ["us", 1_000n],
  ["µs", 1_000n],
  ["μs", 1_000n],
  ["ns", 1n],
]);

const part = /(\d{1,20})?(?:\.(\d{0,20}))?(h|ms|m|s|us|µs|μs|ns)/y;

/** Reads a duration such as 1h30m, -1.5h or 300ms. */
export function parseDuration(text: string): Duration | Failure {
  const failure = new Failure("the text is no duration such as 1h30m");
  if (text.length > 128) return failure;
  if (text === "0") return toDuration(0n);
  const negative = text.startsWith("-");
  let at = negative || text.startsWith("+") ? 1 : 0;
  if (at === text.length) return failure;
  let nanos = 0n;
  while (at < text.length) {
    part.lastIndex = at;
    const match = part.exec(text);
    if (match === null) return failure;
    const [whole, integer = "", fraction = "", unit = ""] = match;
    if (integer === "" && fraction === "") return failure;
    const size = unitNanos.get(unit) as bigint;
    nanos += BigInt(integer || "0") * size;
    nanos += (BigInt(fraction.padEnd(20, "0")) * size) / 10n ** 20n;
    at += whole.length;
  }
  return toDuration(negative ? -nanos : nanos);
}
