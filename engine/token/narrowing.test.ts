import { describe, expect, test } from "vitest";
import type { JsonValue } from "../model/json.ts";
import { limits } from "../model/limits.ts";
import { readNarrowing } from "./narrowing.ts";
import type { NarrowingPolicy } from "./token-policy.ts";

const policy: NarrowingPolicy = {
  claim: "permissions",
  selectors: [
    { pattern: "a:*", attribute: "all" },
    { pattern: "a:[x]", attribute: "wide" },
    { pattern: "a:b:[y]", attribute: "narrow" },
  ],
  absent: "Allow",
  unmatched: "Deny",
};

test("a member belongs to the most specific pattern that it fits, and the most specific comes first", () => {
  expect(readNarrowing(policy, { "a:*": true, "a:b:c": false, "a:c": [] })).toEqual({
    members: [
      { selector: "a:b:c", attribute: "narrow", selected: { any: false, value: "c" }, keeps: false },
      { selector: "a:c", attribute: "wide", selected: { any: false, value: "c" }, keeps: [] },
      { selector: "a:*", attribute: "all", selected: { any: true }, keeps: true },
    ],
    otherwise: "Deny",
    isPresent: true,
  });
});

test("what only a less specific pattern fits belongs to that", () => {
  expect(readNarrowing(policy, { "a:b:": true, "a:b:*": true })).toMatchObject({
    members: [
      { attribute: "wide", selected: { value: "b:" } },
      { attribute: "wide", selected: { value: "b:*" } },
    ],
  });
});

test("a token without the claim is another thing than one with an empty claim", () => {
  expect(readNarrowing(policy, undefined)).toEqual({ members: [], otherwise: "Allow", isPresent: false });
  expect(readNarrowing(policy, {})).toEqual({ members: [], otherwise: "Deny", isPresent: true });
});

describe("the claim can not be read", () => {
  const many = Object.fromEntries(
    Array.from({ length: limits.tokenSelectors + 1 }, (_, i) => [`a:${i}`, true]),
  );
  test.each<[string, JsonValue, RegExp]>([
    ["null", null, /no object of selectors/],
    ["true", true, /no object of selectors/],
    ["a text", "a:*", /no object of selectors/],
    ["a list", ["a:*"], /no object of selectors/],
    ["an unknown selector", { "b:c": true }, /"b:c" fits no pattern/],
    ["an empty selector", { "": true }, /"" fits no pattern/],
    ["a selector of the prefix alone", { "a:": true }, /"a:" fits no pattern/],
    ["one unknown beside known ones", { "a:*": true, "A:*": true }, /"A:\*" fits no pattern/],
    ["a member of objects", JSON.parse('{"__proto__": true}'), /"__proto__" fits no pattern/],
    ["the value null", { "a:*": null }, /"a:\*" has a value/],
    ["the value 1", { "a:*": 1 }, /"a:\*" has a value/],
    ["the value text", { "a:*": "all" }, /"a:\*" has a value/],
    ["the value object", { "a:*": {} }, /"a:\*" has a value/],
    ["a list with a number", { "a:*": ["x", 1] }, /"a:\*" has a value/],
    ["a list in a list", { "a:*": [["x"]] }, /"a:\*" has a value/],
    ["too many selectors", many, /more than 1024 selectors/],
    [
      "too many permissions",
      { "a:1": Array(4000).fill("x"), "a:2": Array(97).fill("x") },
      /more than 4096 permissions/,
    ],
  ])("%s", (_name, claim, problem) => {
    expect(readNarrowing(policy, claim)).toEqual({ problem: expect.stringMatching(problem) });
  });

  test("and a long selector is cut", () => {
    const { problem } = readNarrowing(policy, { ["x".repeat(10_000)]: true }) as { problem: string };
    expect(problem.length).toBeLessThan(150);
  });
});
