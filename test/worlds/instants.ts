import fc from "fast-check";

/** Milliseconds since 1970 of the instant around which all windows lie. */
export const NOON = Date.parse("2024-01-01T12:00:00Z");

/** Instants as manifests write them: two names of one instant, fractions, and one finer than a millisecond. */
export const instant = fc.constantFrom(
  "2024-01-01T12:00:00Z",
  "2024-01-01T14:00:00+02:00",
  "2024-01-01T12:00:00.5Z",
  "2024-01-01T11:59:59.999999Z",
  "2024-01-01T12:00:00.000000001Z",
  "2024-01-01T13:00:00Z",
);

/** When a decision is asked for: at, just before and just after the instants. */
export const now = fc.constantFrom(
  ...[0, -1, 1, 499, 500, 3_599_999, 3_600_000].map((offset) => NOON + offset),
);
