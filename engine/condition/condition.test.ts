import { describe, expect, it } from "vitest";
import { checkCondition, compileCondition, isConditionProblem } from "./condition.ts";
import type { ConditionFacts } from "./condition-facts.ts";

const facts: ConditionFacts = {
  subject: { kind: "User", name: "ada", groups: ["staff"], attributes: { level: 3, tags: ["a", "b"] } },
  resource: { type: "document", name: "d1", attributes: { owner: "ada", size: 10, none: null } },
  context: { hour: 9, mfa: true, half: 1.5, nested: { a: { b: 1 } }, list: [1, 2, 3] },
  member: { attributes: { team: "blue" } },
  scope: { kind: "Environment", name: "acme-prod", type: "production", attributes: {} },
  organization: { name: "acme", attributes: { tier: "gold" } },
  workspace: undefined,
  token: undefined,
  now: Date.UTC(2026, 0, 2, 3, 4, 5),
};

function evaluate(source: string, over: Partial<ConditionFacts> = {}): unknown {
  const condition = compileCondition(source);
  if (isConditionProblem(condition)) throw new Error(`${source}: ${condition.problem}`);
  return condition.evaluate({ ...facts, ...over });
}

const error = { error: expect.any(String) };

describe("the value of a condition", () => {
  it.each([
    "resource.attributes.owner == subject.name && context.hour < 18.0",
    'subject.kind == "User" && "staff" in subject.groups',
    'member.attributes.team == "blue"',
    'scope.kind == "Environment" && scope.type == "production"',
    'organization.attributes.tier == "gold"',
    'now == timestamp("2026-01-02T03:04:05Z") && now.getHours("Europe/Berlin") == 4',
    'subject.attributes["level"] == 3 && resource.attributes.none == null',
    'has(resource.attributes.none) && "none" in resource.attributes',
    "type(now) == google.protobuf.Timestamp && type(context) == map && type(1) == int",
    "now - duration('1h') < now",
  ])("%s is true", (source) => expect(evaluate(source)).toBe(true));

  it.each([
    "context.hour == 9",
    "context.hour < 10 && context.hour >= 9 && context.hour > 8.5",
    "context.hour in [7, 8, 9]",
    "9 in [context.hour]",
    "2 in context.list",
    "{9: true}[context.hour]",
    "context.list == [1, 2, 3]",
    "context.list[1] == 2",
    "int(context.hour) + 1 == 10 && context.hour + 1.0 == 10.0",
    "context.half > 1 && context.half < 2",
  ])("compares the doubles of callers with integers: %s", (source) => expect(evaluate(source)).toBe(true));

  it.each([
    ["context.hour + 1 == 10", "a double and an int do not add"],
    ["context.hour", "no bool"],
    ['context.hour < "10"', "no order between types"],
    ['context.hour + subject.name == "x"', "no sum of them"],
    ["1 / int(context.zero) == 1", "absent"],
    ["1 / (int(context.hour) - 9) == 1", "division by zero"],
    ["int(context.hour) * 9223372036854775807 > 1", "an overflow"],
    ["context.list[3] == 1 || context.list[-1] == 1", "beyond the list"],
    ['context["hours"] == 1', "absent"],
    ["int(subject.name) == 1", "no number"],
    ["timestamp(subject.name) < now", "no instant"],
    ["duration(subject.name) < duration('1h')", "no duration"],
    ["now.getHours(subject.name) == 1", "no zone"],
    ["subject.name.matches(subject.name + '(')", "no regular expression"],
  ])("%s is an error: %s", (source) => {
    expect(evaluate(source)).toEqual(error);
  });

  it("is never anything but a bool or an error", () => {
    expect(evaluate("context.half")).toEqual({ error: "it is a double, not a bool" });
    expect(evaluate("dyn('true')")).toEqual({ error: "it is a string, not a bool" });
  });

  it("tells the error without values from callers", () => {
    const secret = { context: { s: "secret" } };
    expect(JSON.stringify(evaluate("int(context.s) == 1", secret))).not.toContain("secret");
    expect(JSON.stringify(evaluate("context[context.s] == 1", secret))).not.toContain("secret");
    expect(JSON.stringify(evaluate("context.s < 1", secret))).not.toContain("secret");
  });
});

describe("what is absent", () => {
  const none: Partial<ConditionFacts> = {
    resource: { attributes: {} },
    scope: { kind: "Platform", attributes: {} },
    organization: undefined,
  };

  it.each([
    ...["resource.type", "resource.name", "scope.name", "scope.type", "organization.name", "workspace.name"],
    ...["organization.attributes.a", "token.claims.sub", "subject.attributes.a", "subject.attributes.a.b"],
    ...["resource.attributes.a.b.c", "context.a", "scope.attributes.a"],
  ])("%s is an error to select, and false in has()", (path) => {
    expect(evaluate(`${path} == "x"`, none)).toEqual(error);
    expect(evaluate(`has(${path})`, none)).toBe(false);
  });

  it.each([...["token.claims.sub.a.b", "subject.attributes.a.b.c", "context.a.b"]])(
    "has nothing below it either: has(%s) is false",
    (path) => {
      expect(evaluate(`has(${path})`, none)).toBe(false);
    },
  );

  it("is an error to use bare", () => {
    expect(evaluate("dyn(token) == dyn(token)")).toEqual(error);
    expect(evaluate("[token].size() == 1 || [workspace].size() == 1")).toEqual(error);
  });

  it("is false in has() below a key in brackets too", () => {
    expect(evaluate('has(token.claims["urn:x"].y)')).toBe(false);
    expect(evaluate('has(context["a"].b)')).toBe(false);
    expect(evaluate('has(context["nested"].a.b)')).toBe(true);
    expect(evaluate('has(context.nested.a["b"].c)')).toEqual(error);
  });

  it("is an error in has() where something that is no map is there, or where something else fails", () => {
    expect(evaluate("has(subject.attributes.level.a)")).toEqual(error);
    expect(evaluate("has(context.list[9].a)")).toEqual(error);
    expect(evaluate("has(context[string(1 / int(context.zero))].a)")).toEqual(error);
  });

  it("is a present token below which claims may be absent", () => {
    const token = { token: { claims: { a: { b: 1 } } } };
    expect(evaluate("has(token.claims.a.b) && token.claims.a.b == 1", token)).toBe(true);
    expect(evaluate("has(token.claims.a.c) || has(token.claims.c.d)", token)).toBe(false);
  });

  it("makes any use of member an error for who is no member", () => {
    for (const source of [
      "has(member.attributes.team)",
      'member.attributes.team == "blue"',
      "dyn(member) == dyn(member)",
      "member.attributes.size() == 0",
      '"team" in member.attributes',
    ]) {
      expect(evaluate(source, { member: undefined }), source).toEqual(error);
      expect(evaluate(source), source).toEqual(expect.any(Boolean));
    }
  });

  it("has errors absorbed by || and &&, and by nothing else", () => {
    expect(evaluate('workspace.name == "a" || context.mfa')).toBe(true);
    expect(evaluate('context.mfa || workspace.name == "a"')).toBe(true);
    expect(evaluate('workspace.name == "a" && !context.mfa')).toBe(false);
    expect(evaluate("workspace.name == 'a' || !context.mfa")).toEqual(error);
    expect(evaluate("!(workspace.name == 'a')")).toEqual(error);
    expect(evaluate("workspace.name == 'a' ? true : true")).toEqual(error);
    expect(evaluate("context.list.exists(x, x == 3 || context.gone)")).toBe(true);
    expect(evaluate("context.list.all(x, x == 9 && context.gone)")).toBe(false);
    expect(evaluate("context.list.exists_one(x, x == 3 || context.gone)")).toEqual(error);
    expect(evaluate("context.hour || context.mfa")).toBe(true);
    expect(evaluate("context.hour && context.mfa")).toEqual(error);
  });
});

describe("maps from callers", () => {
  const names = ["__proto__", "constructor", "toString", "hasOwnProperty", "prototype", "valueOf"];

  it.each(names)("have the key %s only when it was sent", (name) => {
    const sent = { context: JSON.parse(`{"${name}": "x", "plain": "y", "in": {"${name}": {"a": 1}}}`) };
    for (const map of ["context", "subject.attributes", "dyn(scope)"]) {
      expect(evaluate(`has(${map}["a"].b) || "${name}" in ${map}`), map).toBe(false);
      expect(evaluate(`${map}["${name}"] == "x"`), map).toEqual(error);
    }
    expect(evaluate(`"${name}" in context && context["${name}"] == "x"`, sent)).toBe(true);
    expect(evaluate('context.plain == "y" && size(context) == 3', sent)).toBe(true);
    expect(evaluate(`context["in"] == {"${name}": {"a": 1}}`, sent)).toBe(true);
    expect(evaluate(`context.exists(key, key == "${name}")`, sent)).toBe(true);
    expect(evaluate(`{"${name}": 1}["${name}"] == 1 && !("a" in {"${name}": 1})`)).toBe(true);
    if (name !== "__proto__" && name !== "prototype")
      expect(evaluate(`has(context.${name})`, sent)).toBe(true);
  });
});

describe("checkCondition", () => {
  it.each([
    ["", "unexpected token: EOF, at character 1"],
    ["1 +", "unexpected token: EOF, at character 4"],
    ["nobody.name == 'a'", "there is no variable nobody, at character 1"],
    ["scope.kinds == 'a'", "there is no field kinds, at character 7"],
    ["true &&\n  member.name == 'a'", "there is no field name, at line 2, character 10"],
    ["has(scope.kinds)", "there is no field kinds, at character 11"],
    ["has(member)", "has() needs a selection, such as has(a.b), at character 1"],
    ["member.attributes.team == 1", "no such overload: string == int, at character 1"],
    ["scope.kind == 1", "no such overload: string == int, at character 1"],
    ["context.size()", "it must be a bool, but is of type int"],
    ["subject.name", "it must be a bool, but is of type string"],
    ["subject.name && true", expect.stringContaining("bool")],
    ["context.a.fly()", expect.stringContaining("fly")],
    ["fly(1) == 1", expect.stringContaining("fly")],
    ["b'a'.hex() == 'a'", "there is no function .hex() with 0 arguments, at character 1"],
    ["cel.bind(a, 1, a == 1)", expect.stringContaining("bind")],
    ["context.?a == 1", expect.any(String)],
    ["9223372036854775808 > 1", "the integer is out of range, at character 1"],
    ["now < timestamp('yesterday')", "the text is no instant such as 2026-12-31T23:59:59Z, at character 17"],
    ["duration('1 hour') < duration('1h')", "the text is no duration such as 1h30m, at character 10"],
    [
      "now.getHours('Mars') == 1",
      "the text is no time zone such as Europe/Berlin or +02:00, at character 14",
    ],
    ["subject.name.matches('(a')", "the text is no regular expression of RE2, at character 22"],
    ["subject.name.matches('(?=a)')", "the text is no regular expression of RE2, at character 22"],
    ["context.list.all(1, true)", expect.stringContaining("variable")],
    ["b'\u00ff' == b''", "bytes beyond ASCII must be written as escapes, such as \\xff, at character 1"],
  ])("%j: %s", (source, problem) => expect(checkCondition(source)).toEqual({ problem }));

  it.each([
    "context.a.b.c == token.claims['x'][0]",
    "subject.attributes.a || context.b",
    "context.exists(k, context[k] == 1)",
    'has(token.claims["urn:x:y"].a)',
    "-9223372036854775808 < 1",
    "dyn(1) == 'a'",
    "[1, 'a', true].size() == 3",
    "context.a in workspace.attributes.people.split(',')",
  ])("accepts %s", (source) => expect(checkCondition(source)).toBeUndefined());
});
