import { describe, expect, test } from "vitest";
import { ageOf, contactOf, freshnessOf } from "./freshness.ts";

const WALL = Date.UTC(2026, 0, 1);

describe("a contact", () => {
  test("counts from the sending of the message, not from its arrival", () => {
    expect(contactOf(WALL - 4_000, WALL, 10_000)).toEqual({ wall: WALL - 4_000, now: 6_000 });
  });

  test("counts from its arrival when the operator's clock is ahead", () => {
    expect(contactOf(WALL + 60_000, WALL, 10_000)).toEqual({ wall: WALL, now: 10_000 });
  });

  test("that never was is infinitely old", () => {
    expect(ageOf(undefined, WALL, 0)).toBe(Infinity);
  });
});

describe("freshness", () => {
  const contact = { wall: WALL, now: 10_000 };
  const rows = [
    { name: "young by both clocks", wall: WALL + 299_999, now: 309_999, want: { fresh: true } },
    {
      name: "exactly at the bound",
      wall: WALL + 300_000,
      now: 310_000,
      want: { fresh: false, because: "TooOld", ageMs: 300_000 },
    },
    {
      name: "old by the wall clock alone, as after the machine slept",
      wall: WALL + 400_000,
      now: 10_001,
      want: { fresh: false, because: "TooOld", ageMs: 400_000 },
    },
    {
      name: "old by the monotonic clock alone, as after the wall clock was held back",
      wall: WALL + 1,
      now: 410_000,
      want: { fresh: false, because: "TooOld", ageMs: 400_000 },
    },
    { name: "a step back of less than a second", wall: WALL - 900, now: 10_001, want: { fresh: true } },
    {
      name: "a wall clock that went back",
      wall: WALL - 3_600_000,
      now: 10_001,
      want: { fresh: false, because: "ClockWentBack", ageMs: 1 },
    },
  ];
  test.each(rows)("$name", ({ wall, now, want }) => {
    expect(freshnessOf(contact, 300, wall, now)).toEqual(want);
  });
});
