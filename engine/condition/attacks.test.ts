import { array, assert as check, constantFrom, jsonValue, property } from "fast-check";
import { describe, expect, it } from "vitest";
import type { JsonObject, JsonValue } from "../model/json.ts";
import { checkCondition, compileCondition, isConditionProblem } from "./condition.ts";
import type { ConditionFacts } from "./condition-facts.ts";

function factsWith(context: JsonObject): ConditionFacts {
  return {
    subject: { kind: "User", name: "ada", groups: [], attributes: {} },
    resource: { type: "doc", attributes: {} },
    context,
    member: undefined,
    scope: { kind: "Platform", attributes: {} },
    organization: undefined,
    workspace: undefined,
    token: undefined,
    now: 0,
  };
}

function evaluate(source: string, context: JsonObject = {}): unknown {
  const condition = compileCondition(source);
  return isConditionProblem(condition) ? condition : condition.evaluate(factsWith(context));
}

const numbers = Array.from({ length: 10_000 }, (_, index) => index);
const long = "a".repeat(32 * 1024);
const outOfSteps = { error: "it takes more than 100000 steps" };

describe("sources that are too much", () => {
  it.each<[string, string]>([
    ["a long source", `${"true && ".repeat(8192)}true`],
    ["parentheses", `${"(".repeat(2000)}true${")".repeat(2000)}`],
    ["lists in lists", `${"[".repeat(2000)}${"]".repeat(2000)} == []`],
    ["negations", `${"!".repeat(4000)}true`],
    ["signs", `${"-".repeat(4000)}1 == 1`],
    ["a long sum", `${"1 + ".repeat(1000)}1 == 1001`],
    ["three lists in one another", "[[[1]]].size() == 1"],
    ["lists of maps of lists", "context.a.map(x, {1: [x]}).size() == 1"],
    ["selections", `context${".a".repeat(2000)}`],
    ["indexes", `context${"[0]".repeat(1000)}`],
    ["conditionals", `${"true ? ".repeat(500)}true${" : true".repeat(500)}`],
    ["calls", `${"dyn(".repeat(900)}true${")".repeat(900)}`],
    [
      "three comprehensions in one another",
      "context.a.all(x, context.a.all(y, context.a.all(z, x == y || y == z)))",
    ],
    ["patterns made at each turn", "context.a.all(x, x.matches(context.b))"],
    ["zones made at each turn", "context.a.all(x, now.getHours(x) == 1)"],
    ["a repetition of a repetition", "context.a.matches('(a{1000}){1000}')"],
    ["many repetitions", `context.a.matches('${"\\\\pL{900}".repeat(100)}')`],
    ["a repetition of much", `context.a.matches('(${"ab?".repeat(300)}){1000}')`],
    ["many large classes", `context.a.matches('${"[\\\\pL]".repeat(120)}')`],
    ["many patterns", `${"context.a.matches('(abc){99}') && ".repeat(100)}true`],
    ["a long pattern", `context.a.matches('${"(a|b)".repeat(400)}')`],
    ["a pattern of many instructions", "context.a.matches('((a?){80}){50}')"],
  ])("refuses %s", (_, source) => {
    expect(checkCondition(source)).toEqual({ problem: expect.any(String) });
  });

  it("takes a long chain of && and of ||", () => {
    expect(evaluate(`${"true && ".repeat(500)}true`)).toBe(true);
    expect(evaluate(`${"false || ".repeat(450)}true`)).toBe(true);
  });
});

describe("data that is too much", () => {
  it.each<[string, string, JsonObject, unknown]>([
    ["goes over a long list once", "context.l.all(x, x >= 0)", { l: numbers }, true],
    ["compares long lists", "context.l == context.m", { l: numbers, m: [...numbers] }, true],
    [
      "ends two comprehensions over long lists",
      "context.l.all(x, context.l.all(y, x != -1))",
      { l: numbers },
      outOfSteps,
    ],
    ["ends a search for each", "context.l.all(x, !(-1 in context.l))", { l: numbers }, outOfSteps],
    [
      "ends comparisons for each",
      "context.l.all(x, context.l == context.m)",
      { l: numbers, m: [...numbers] },
      outOfSteps,
    ],
    [
      "ends matches of long texts",
      'context.l.all(x, !context.s.matches("(a|b)*c"))',
      { l: numbers, s: long },
      outOfSteps,
    ],
    [
      "ends conversions for each",
      'context.l.all(x, timestamp("2026-01-0" + string(x)) < now)',
      { l: numbers.map(() => 1) },
      { error: expect.any(String) },
    ],
    [
      "ends lists that grow",
      "context.l.map(x, context.l + context.l).size() > 0",
      { l: numbers },
      outOfSteps,
    ],
    [
      "ends texts that grow",
      "context.l.map(x, context.s + context.s).size() > 0",
      { l: numbers, s: long },
      outOfSteps,
    ],
    [
      "ends searches that go badly",
      'context.s.contains(context.t + "b" + context.t)',
      { s: long, t: long.slice(0, 8192) },
      outOfSteps,
    ],
    ["ends splits", "context.l.all(x, context.s.split('').size() > 0)", { l: numbers, s: long }, outOfSteps],
    [
      "ends counting characters",
      "context.l.all(x, size(context.s) > 0)",
      { l: numbers, s: long },
      outOfSteps,
    ],
    ["keeps to linear time", 'context.s.matches("(a+)+$")', { s: `${long}b` }, false],
    [
      "bounds patterns from callers",
      "subject.name.matches(context.p)",
      { p: "(a{50}){19}".repeat(90) },
      { error: expect.any(String) },
    ],
    [
      "bounds repetitions in patterns from callers",
      "subject.name.matches(context.p)",
      { p: `(${"ab?".repeat(300)}){1000}` },
      outOfSteps,
    ],
    [
      "bounds classes in patterns from callers",
      "subject.name.matches(context.p)",
      { p: "[\\pL]".repeat(100) },
      outOfSteps,
    ],
    [
      "bounds what is no pattern",
      "subject.name.matches(context.s)",
      { s: "[".repeat(32_768) },
      { error: expect.any(String) },
    ],
    [
      "bounds durations from callers",
      "duration(context.s) < duration('1h')",
      { s: "1".repeat(32_768) },
      { error: expect.any(String) },
    ],
    [
      "bounds instants from callers",
      "timestamp(context.s) < now",
      { s: "1".repeat(32_768) },
      { error: expect.any(String) },
    ],
    [
      "bounds numbers from callers",
      "int(context.s) > 1 || double(context.s) > 1.0",
      { s: "1".repeat(32_768) },
      { error: expect.any(String) },
    ],
    [
      "bounds zones from callers",
      "now.getHours(context.s) == 1",
      { s: "A/".repeat(10_000) },
      { error: expect.any(String) },
    ],
  ])("%s", (_, source, context, result) => {
    expect(evaluate(source, context)).toEqual(result);
  });

  it("takes values that are nested deeper than the stack for an error", () => {
    const nest = (depth: number): JsonValue => JSON.parse("[".repeat(depth) + "]".repeat(depth)) as JsonValue;
    expect(evaluate("context.a == context.b", { a: nest(40_000), b: nest(40_000) })).toEqual({
      error: expect.any(String),
    });
    expect(evaluate("context.a == context.b || true", { a: nest(40_000), b: nest(40_000) })).toEqual({
      error: expect.any(String),
    });
    expect(evaluate("context.a == context.b", { a: nest(100), b: nest(100) })).toBe(true);
  });
});

describe("anything at all", () => {
  const words = [
    ...[
      "context",
      ".",
      "a",
      "[",
      "]",
      "(",
      ")",
      "{",
      "}",
      ":",
      ",",
      "&&",
      "||",
      "!",
      "-",
      "+",
      "*",
      "/",
      "%",
      "==",
    ],
    ...[
      "<",
      ">=",
      "in",
      "?",
      "1",
      "0.5",
      "1u",
      "'a'",
      "b'a'",
      "true",
      "null",
      "has(",
      "size(",
      ".all(x,",
      ".map(x,",
    ],
    ...[
      ".exists(x,",
      "x",
      "string(",
      "int(",
      "timestamp(",
      "duration(",
      ".matches(",
      "now",
      "subject.name",
      "token",
      "member",
    ],
    ...[
      "context.a",
      "dyn(",
      "type(",
      ".getHours()",
      ".split(",
      "context[",
      "resource.name",
      "// \n",
      "\\",
      "`",
      "é",
    ],
  ];

  it("is compiled and evaluated without being thrown", () => {
    const source = array(constantFrom(...words), { maxLength: 14 }).map((parts) => parts.join(""));
    check(
      property(source, jsonValue(), (text, a) => {
        const result = evaluate(text, { a: a as JsonValue });
        expect(typeof result === "boolean" || typeof result === "object").toBe(true);
      }),
      { numRuns: 3000 },
    );
  });

  it("as data is no more than an error", () => {
    const sources = [
      "context.a == context.b && context.b != context.a",
      "context.a in context.b",
      "context.a < context.b || context.a + context.b == context.b",
      "context.a.all(x, context.b.exists(y, x == y))",
      "has(context.a.b.c) || has(context[context.a].b)",
      "context.a[context.b] == 1",
      "size(context.a) == 1 || string(context.a) == 'a' || int(context.a) == 1",
      "{context.a: 1}[context.b] == 1",
    ];
    check(
      property(constantFrom(...sources), jsonValue(), jsonValue(), (source, a, b) => {
        const result = evaluate(source, { a: a as JsonValue, b: b as JsonValue });
        expect(result).not.toHaveProperty("problem");
      }),
      { numRuns: 3000 },
    );
  });
});
