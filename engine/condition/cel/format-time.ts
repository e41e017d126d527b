import { NANOS_PER_SECOND } from "./arithmetic.ts";
import type { Duration, Timestamp } from "./value.ts";

/** As RFC 3339 has it, in UTC, with as many digits of the second as there are. */
export function formatTimestamp({ nanos }: Timestamp): string {
  const seconds = floorDivide(nanos, NANOS_PER_SECOND);
  const iso = new Date(Number(seconds) * 1000).toISOString();
  return `${iso.slice(0, iso.indexOf("."))}${formatFraction(nanos - seconds * NANOS_PER_SECOND)}Z`;
}

/** In seconds, such as 5400s or 0.3s. */
export function formatDuration({ nanos }: Duration): string {
  const size = nanos < 0n ? -nanos : nanos;
  return `${nanos < 0n ? "-" : ""}${size / NANOS_PER_SECOND}${formatFraction(size % NANOS_PER_SECOND)}s`;
}

function formatFraction(nanos: bigint): string {
  return nanos === 0n ? "" : `.${String(nanos).padStart(9, "0").replace(/0+$/, "")}`;
}

export function floorDivide(value: bigint, by: bigint): bigint {
  const quotient = value / by;
  return value % by < 0n ? quotient - 1n : quotient;
}
