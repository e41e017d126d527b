import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { locateJson } from "./locate-json.ts";
import type { Locations } from "./parse-plain-flow.ts";

describe("JSON with places", () => {
  it("is read as JSON.parse reads it, and every place is that of its part", () => {
    const texts = fc.tuple(fc.json({ maxDepth: 4 }), fc.constantFrom(0, 1, "\t", "\r\n ".slice(0, 3)));
    fc.assert(
      fc.property(texts, ([json, indent]) => {
        const text = ` ${JSON.stringify(JSON.parse(json), null, indent)}\n`;
        const locations: Locations = new Map();
        const value = locateJson(text, locations);
        expect(JSON.stringify(value)).toBe(JSON.stringify(JSON.parse(text)));
        for (const [container, own] of locations) {
          for (const [key, offset] of own) {
            const part = Array.isArray(container) ? container[Number(key)] : key;
            expect(text.slice(offset).replace(/\s/g, "")).toMatch(
              JSON.stringify(part).replace(/\s/g, "").slice(0, 1),
            );
          }
        }
      }),
      { numRuns: 500 },
    );
  });

  it("tells the places of keys and items", () => {
    const text = '{"a": [1, {"b\\"": "x,y"}],\n "c": {}}';
    const locations: Locations = new Map();
    const value = locateJson(text, locations) as { a: [number, object] };
    expect([...(locations.get(value) ?? [])]).toEqual([
      ["a", 1],
      ["c", 28],
    ]);
    expect([...(locations.get(value.a) ?? [])]).toEqual([
      ["0", 7],
      ["1", 10],
    ]);
    expect([...(locations.get(value.a[1]) ?? [])]).toEqual([['b"', 11]]);
  });
});
