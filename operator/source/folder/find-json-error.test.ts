import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { findJsonError } from "./find-json-error.ts";

const cases: [text: string, offset: number, message: string][] = [
  ["", 0, "A value is expected where the file ends"],
  ['{"a": }', 6, 'A value is expected where "}" stands'],
  ['{"a": 1,}', 8, 'A key in double quotes is expected where "}" stands'],
  ["{a: 1}", 1, 'A key in double quotes is expected where "a" stands'],
  ['{"a" 1}', 5, 'A colon is expected where "1" stands'],
  ['{"a": 1 "b": 2}', 8, 'A comma or } is expected where "\\"" stands'],
  ["[1, 2", 5, "A comma or ] is expected where the file ends"],
  ["[1] x", 4, 'The end of the file is expected where "x" stands'],
  ['["a\nb"]', 1, 'A string that ends on its line, with valid escapes, is expected where "\\"" stands'],
  ["[01]", 1, 'A value is expected where "0" stands'],
  ["[nul]", 1, 'A value is expected where "n" stands'],
  ["[".repeat(100), 65, 'At most 64 levels of nesting is expected where "[" stands'],
];

describe("the first mistake in a JSON text", () => {
  it.each(cases)("%j", (text, offset, message) => {
    expect(findJsonError(text)).toEqual({ offset, message });
  });

  it("lies where no text that begins so is JSON, and never before", () => {
    const texts = fc.tuple(
      fc.json({ maxDepth: 4 }),
      fc.nat(),
      fc.constantFrom("", ",", "}", "]", "x", '"', "1", ":", "\\"),
    );
    fc.assert(
      fc.property(texts, ([json, at, insert]) => {
        const cut = at % (json.length + 1);
        const text = json.slice(0, cut) + insert + json.slice(cut + 1);
        const { offset, message } = findJsonError(text);
        const isJson = canParse(text);
        expect(message === "The end of the file is expected where the file ends").toBe(isJson);
        expect(offset).toBeLessThanOrEqual(text.length);
      }),
      { numRuns: 2000 },
    );
  });
});

function canParse(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}
