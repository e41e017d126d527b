import { describe, expect, it } from "vitest";
import { parseTime, readWindow, WindowColumn } from "./windows.ts";

describe("Windows", () => {
  it("are open where nothing bounds them", () => {
    expect(readWindow(undefined, undefined)).toEqual({ notBefore: -Infinity, expires: Infinity });
  });

  it("never hold where a bound is no time", () => {
    expect(readWindow("soon", undefined).notBefore).toBe(Infinity);
    expect(readWindow(undefined, "never").expires).toBe(-Infinity);
  });

  it.each([
    ["2026-01-01T00:00:00Z", 0],
    ["2026-01-01T00:00:00.001Z", 1],
    ["2026-01-01T00:00:00.001000Z", 1],
    ["2026-01-01T00:00:00.000001Z", 1],
    ["2026-01-01T00:00:00.0019Z", 2],
    ["2026-01-01T01:00:00+01:00", 0],
  ])("reach %s at %i ms of the year", (text, wanted) => {
    expect(parseTime(text)! - Date.UTC(2026, 0, 1)).toBe(wanted);
  });

  it("stand in a column in an order of their own, always first", () => {
    const [early, late] = [
      readWindow(undefined, "2026-01-01T00:00:00Z"),
      readWindow("2026-02-01T00:00:00Z", undefined),
    ];
    const always = readWindow(undefined, undefined);
    const column = new WindowColumn([late, early, always, late]);
    expect(new WindowColumn([early, late]).encode()).toEqual(column.encode());
    expect(column.row(always)).toBe(0);
    expect(new Set([column.row(early), column.row(late)])).toEqual(new Set([1, 2]));
  });
});
