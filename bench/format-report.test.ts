import { describe, expect, it } from "vitest";
import { formatRow, toRow } from "./format-report.ts";

describe("A line of the report", () => {
  const figure = { what: "recompile", unit: "ms", samples: [4, 5, 6], target: 5 } as const;

  it("is met up to and at its target, by the median", () => {
    expect(toRow(figure, true).verdict).toBe("met");
    expect(toRow({ ...figure, target: 4.9 }, true).verdict).toBe("missed");
  });

  it("has no verdict without a target, and where sizes are others", () => {
    expect(toRow({ what: "recompile", unit: "ms", samples: [5] }, true).verdict).toBe("");
    expect(toRow(figure, false).verdict).toBe("");
  });

  it("shows three digits that count", () => {
    const row = toRow({ what: "answers", unit: "1/s", samples: [23456.7] }, true);
    expect(formatRow(row)).toMatch(/^answers +23457 1\/s +23457-23457 +1$/);
    expect(formatRow(toRow({ ...figure, samples: [4.3219] }, true))).toContain("4.32 ms");
  });

  it("says why something was not measured", () => {
    expect(formatRow(toRow({ what: "CPU", missing: "there is no h2load" }, true))).toMatch(
      /^CPU +not measured: there is no h2load$/,
    );
  });
});
