import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { internStrings } from "../compile/string-column.ts";
import { hashBytes } from "../model/hash.ts";
import { StringRun, type StringTable } from "./string-table.ts";

function tableOf(texts: readonly string[]): StringTable {
  return new StringRun(internStrings(texts).encoded, "test").toTable();
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

  it("tells strings apart that have the same length and hash", () => {
    const text = fc.string({ unit: fc.constantFrom("a", "b", "\0"), minLength: 5, maxLength: 9 });
    fc.assert(
      fc.property(text, text, (one, other) => {
        const bytes = Buffer.from(other.slice(0, one.length).padEnd(one.length, "a"));
        const hash = hashBytes(Buffer.from(one), 0, one.length);
        const isSame = bytes.equals(Buffer.from(one));
        expect(tableOf([one]).find(bytes, 0, bytes.length, hash)).toBe(isSame ? 0 : -1);
      }),
    );
  });

  it("finds nothing when it is empty", () => {
    expect(new StringRun(null, "test").toTable().findText("a")).toBe(-1);
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
    expect(() => new StringRun({ pool, ends: column }, "names")).toThrow(/names/);
  });
});
