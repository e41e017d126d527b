import { expect, test } from "vitest";
import { parseDocuments, parseYaml } from "./parse-yaml.ts";

const nested = (levels: number) => `${"[".repeat(levels)}x${"]".repeat(levels)}`;

test("64 levels are read, more are refused", () => {
  expect(parseYaml(nested(64)).problems).toEqual([]);
  for (const levels of [65, 66, 67, 68, 69, 100]) {
    expect(parseYaml(nested(levels)).problems).toMatchObject([{ line: 1, excessive: true }]);
  }
});

test.each([
  ["brackets", "[".repeat(200_000)],
  ["brackets that are closed", nested(200_000)],
  ["braces", "{a: ".repeat(100_000)],
  ["dashes", "- ".repeat(200_000)],
  ["question marks", "? ".repeat(200_000)],
])("a text of %s is left at the first level too many", (_, text) => {
  const { documents, tooDeepAt } = parseDocuments(`a: 1\n---\n${text}`);
  expect(tooDeepAt).toBeLessThan(1_000);
  expect(documents.map(({ contents }) => contents?.toJSON())).toEqual([{ a: 1 }]);
});
