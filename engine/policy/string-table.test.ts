import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { internStrings } from "../compile/string-column.ts";
import { StringTable } from "./string-table.ts";

function tableOf(texts: readonly string[]): StringTable {
  return new StringTable(internStrings(texts).encoded, "test");
}

describe("StringTable", () => {
  it("finds each of its strings at the row of their order, and no other", () => {
    const text = fc.string({ unit: "grapheme", maxLength: 12 });
    fc.assert(
      fc.property(fc.uniqueArray(text), text, (texts, other) => {
        const table = tableOf(texts);
        const sorted = [...texts].sort();
        for (const [row, wanted] of sorted.entries()) {
          expect(table.findText(wanted)).toBe(row);
          expect(table.text(row)).toBe(wanted);
        }
        expect(table.findText(other)).toBe(sorted.indexOf(other));
      }),
    );
  });

  it("finds nothing when it is empty", () => {
    expect(new StringTable(null, "test").findText("a")).toBe(-1);
  });

  it("has the same bytes for the same strings in whatever order", () => {
    expect(internStrings(["b", "a", "b"]).encoded).toEqual(internStrings(["a", "b"]).encoded);
  });

  it.each<[string, Uint8Array, number[]]>([
    ["ends that go down", Buffer.from("ab"), [2, 1]],
    ["an end beyond the pool", Buffer.from("ab"), [1, 3]],
    ["a pool beyond the last end", Buffer.from("abc"), [1, 2]],
  ])("refuses %s", (_, pool, ends) => {
    const column = new Uint8Array(Uint32Array.from(ends).buffer);
    expect(() => new StringTable({ pool, ends: column }, "names")).toThrow(/names/);
  });
});
