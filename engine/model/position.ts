import { deliveryLimits } from "./delivery-limits.ts";

/**
 * How far a policy has read: the highest resourceVersion seen per kind, as decimal strings. Kinds that are missing
 * count as "0".
 */
export type Position = Readonly<Record<string, string>>;

const KIND = /^[A-Za-z]{1,63}$/;
const DECIMAL = /^(0|[1-9][0-9]{0,38})$/;

/** Whether a resourceVersion is a decimal integer without leading zeros, the only form that can be compared (KEP-5504). */
export function isResourceVersion(text: string): boolean {
  return DECIMAL.test(text);
}

/** Whether what came from elsewhere is a position: a decimal integer per kind, of no more kinds than delivery allows. */
export function isPosition(value: Readonly<Record<string, unknown>>): value is Position {
  const entries = Object.entries(value);
  return (
    entries.length <= deliveryLimits.positionKinds &&
    entries.every(
      ([kind, version]) => KIND.test(kind) && typeof version === "string" && isResourceVersion(version),
    )
  );
}

/** Compares two decimal resourceVersions: below zero, zero or above zero. */
export function compareResourceVersions(a: string, b: string): number {
  if (a.length !== b.length) return a.length - b.length;
  return a < b ? -1 : a > b ? 1 : 0;
}

/** Whether `position` has reached every entry of `minimum`. */
export function hasReached(position: Position, minimum: Position): boolean {
  for (const kind in minimum) {
    if (compareResourceVersions(position[kind] ?? "0", minimum[kind] as string) < 0) return false;
  }
  return true;
}
