import fc from "fast-check";
import { expect, test } from "vitest";
import { isDateTime } from "./date-time.ts";

test.each([
  ["2026-12-31T23:59:59Z", true],
  ["2026-12-31T23:59:59.123456789+14:00", true],
  ["2000-02-29T00:00:00Z", true],
  ["1900-02-29T00:00:00Z", false],
  ["2026-04-31T00:00:00Z", false],
  ["2026-00-10T00:00:00Z", false],
  ["2026-01-00T00:00:00Z", false],
  ["2026-01-01T24:00:00Z", false],
  ["2026-01-01T00:60:00Z", false],
  ["2026-01-01T00:00:00", false],
  ["2026-01-01 00:00:00Z", false],
  ["2026-01-01T00:00:00z", false],
  ["2026-01-01T00:00:00+24:00", false],
  ["2026-01-01T00:00:00Z\n", false],
  ["", false],
])("%j: %s", (text, expected) => {
  expect(isDateTime(text)).toBe(expected);
});

test("every instant that JavaScript writes is one, and JavaScript reads every one", () => {
  fc.assert(
    fc.property(fc.date({ min: new Date(0), max: new Date("9999-12-31"), noInvalidDate: true }), (date) => {
      expect(isDateTime(date.toISOString())).toBe(true);
    }),
  );
  const part = (max: number) => fc.integer({ min: 0, max }).map((value) => String(value).padStart(2, "0"));
  fc.assert(
    fc.property(fc.tuple(part(13), part(32), part(25), part(61), part(61), part(25), part(61)), (parts) => {
      const [month, day, hour, minute, second, offsetHour, offsetMinute] = parts;
      const text = `2027-${month}-${day}T${hour}:${minute}:${second}+${offsetHour}:${offsetMinute}`;
      if (isDateTime(text)) expect(Date.parse(text)).not.toBeNaN();
    }),
  );
});
