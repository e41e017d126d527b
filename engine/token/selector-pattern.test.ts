import { expect, test } from "vitest";
import { isCovered, isSelectorPattern, matchPattern } from "./selector-pattern.ts";

test.each([
  ["integration:*", "integration:*", { any: true }],
  ["integration:*", "integration:salesforce", undefined],
  ["integration:*", "integration:", undefined],
  ["integration:[name]", "integration:salesforce", { any: false, value: "salesforce" }],
  ["integration:[name]", "integration:[name]", { any: false, value: "[name]" }],
  ["integration:[name]", "integration:*", undefined],
  ["integration:[name]", "integration:**", { any: false, value: "**" }],
  ["integration:[name]", "integration:sales*", { any: false, value: "sales*" }],
  ["integration:[name]", "integration:", undefined],
  ["integration:[name]", "integration", undefined],
  ["integration:[name]", "Integration:salesforce", undefined],
  ["configuration:ext:[id]", "configuration:ext:a:b", { any: false, value: "a:b" }],
  ["configuration:ext:[id]", "configuration:int:a", undefined],
  ["*", "*", { any: true }],
  ["[id]", "anything", { any: false, value: "anything" }],
  ["[id]", "*", undefined],
  ["[id]", "", undefined],
  ["[id]", "__proto__", { any: false, value: "__proto__" }],
  // The API server refuses these patterns; nothing fits them.
  ["integration", "integration", undefined],
  ["a*:[id]", "a*:b", undefined],
  ["a:[id]:c", "a:b:c", undefined],
  ["", "", undefined],
])("by %j the selector %j is %j", (pattern, selector, selected) => {
  expect(matchPattern(pattern, selector)).toEqual(selected);
});

test("a pattern is a fixed text and a place for a value", () => {
  expect(["*", "a:*", "[b]", "a:[b c]"].filter(isSelectorPattern)).toHaveLength(4);
  expect(
    ["", "a", "a:[]", "a:[b", "a:b]", "a:[b]c", "**", "a:[*]", "[a][b]"].filter(isSelectorPattern),
  ).toEqual([]);
});

test.each([
  ["a:[id]", "a:[name]", true],
  ["a:[id]", "a:*", false],
  ["a:*", "a:[id]", false],
  ["a:*", "a:*", true],
  ["a:*", "[id]", true],
  ["*", "[id]", false],
  ["a:b:[id]", "a:[id]", true],
  ["a:[id]", "a:b:[id]", false],
])("every selector that fits %j fits %j: %s", (pattern, other, covered) => {
  expect(isCovered(pattern, other)).toBe(covered);
});
