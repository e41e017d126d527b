import { describe, expect, it } from "vitest";
import { createEnvironment } from "./environment.ts";
import { readProgram, runProgram } from "./program.ts";
import { Failure, type Result, type Value } from "./value.ts";

const environment = createEnvironment({ maxDepth: 40, maxAstNodes: 1000 }).registerVariable("v", "dyn");

function evaluate(source: string, v: Value = null, steps = 1_000_000): Result {
  const program = readProgram(source, environment, new Map([["v", () => v]]), { all: 40, made: 10 });
  if ("message" in program) throw new Error(`${source}: ${program.message}`);
  return runProgram(program.evaluate, {}, steps);
}

/** What the public conformance data does not ask. */
describe("values", () => {
  it.each([
    "[1, 2, 3].map(x, x > 1, x * 2) == [4, 6]",
    "{1: 'a', 'b': 2}.map(k, k) == [1, 'b']",
    "dyn({1: 'a'}) == {1u: 'a'} && {1: 'a'} != {2: 'a'} && {1: 'a'} != {1: 'a', 2: 'a'}",
    "dyn(1u) == dyn(1.0) && dyn(2u) in [1, 2] && dyn(1u) < dyn(1.5) && dyn(3) > dyn(2u)",
    "dyn([1]) != dyn({}) && dyn(b'a') != dyn('a') && dyn(type(1)) != dyn('int') && dyn(duration('1s')) != dyn(1)",
    "dyn(timestamp(0)) != dyn(0) && dyn(true) != dyn(1) && dyn(null) != dyn(false)",
    "b'a' < b'b' && b'ab' > b'a' && b'a' == b'a' && b'a' + b'b' == b'ab'",
    "false < true && !(true < false) && true >= true",
    "'\\U0001F600' > '\\uffff' && '\\uffff' < '\\U0001F600' && 'a' < 'ab' && 'b' > 'ab'",
    "'\\U0001F600' < '\\U0001F601' && size('a\\U0001F600') == 2",
    "duration('1h') < duration('61m') && duration('-1.5s') == duration('-1500ms') && duration('0') == duration('0s')",
    "duration('+1us') == duration('1000ns') && duration('1µs') == duration('1μs')",
    "string(duration('-1.5s')) == '-1.5s' && string(timestamp('1969-12-31T23:59:59.5Z')) == '1969-12-31T23:59:59.5Z'",
    "int(timestamp('1969-12-31T23:59:59.5Z')) == -1",
    "timestamp('2024-02-29T00:00:00-01:30') == timestamp('2024-02-29T01:30:00Z')",
    "timestamp('2024-12-31T23:30:00Z').getFullYear('Europe/Berlin') == 2025",
    "timestamp('2024-12-31T23:30:00Z').getDayOfYear('+00:30') == 0 && timestamp(0).getHours('-01:00') == 23",
    "timestamp('0044-01-01T00:00:00Z').getFullYear('UTC') == 44",
    "timestamp(0) + duration('1h') - duration('1h') == timestamp(0) && timestamp(1) - timestamp(0) == duration('1s')",
    "string(1.5) == '1.5' && string(double('inf')) == '+Inf' && string(-double('inf')) == '-Inf'",
    "string(0.0 / 0.0) == 'NaN' && double('nan') != double('NaN') && double('-Infinity') < 0.0 && double('1e3') == 1000.0",
    "bool('T') && bool(true) && !bool('FALSE') && int('+5') == 5 && uint('5') == 5u && uint(5.9) == 5u && int(-5.9) == -5",
    "string(b'a') == 'a' && bytes('a') == b'a' && bytes(b'a') == b'a' && string(true) == 'true' && string(5u) == '5'",
    "'a,b,c'.split(',', 2) == ['a', 'b,c'] && 'abc'.split('') == ['a', 'b', 'c'] && ['a', 'b'].join('-') == 'a-b'",
    "'AbÄ'.lowerAscii() == 'abÄ' && 'abä'.upperAscii() == 'ABä' && ' a '.trim() == 'a' && '  '.trim() == ''",
    "matches('xabx', 'a.') && 'a'.matches('') && size(b'ab') == 2 && b'ab'.size() == 2 && {1: 1}.size() == 1",
    "v == null && type(null) == null_type && type([]) == list && type({}) == map && type(1u) == uint && type(b'') == bytes",
    "type(type(1)) == type && type('') == string && type(true) == bool && type(1.0) == double",
    "[1, 2, 3][dyn(1.0)] == 2 && [1, 2, 3][dyn(1u)] == 2 && {'a': 1}.a == 1 && has({'a': 1}.a) && !has({'a': 1}.b)",
    "-9223372036854775808 < -9223372036854775807 && -(5) == -5 && -dyn(1.5) == -1.5",
    "7 % 3 == 1 && 7 / 2 == 3 && 7u % 4u == 3u && 7.0 / 2.0 == 3.5 && 2.0 * 1.5 - 1.0 == 2.0",
    "true ? true : dyn(1)",
  ])("%s", (source) => expect(evaluate(source)).toBe(true));

  it.each([
    ...[
      "dyn(1) + dyn(1.0)",
      "dyn(1.0) % dyn(1.0)",
      "1u - 2u",
      "-dyn('a')",
      "-dyn(1u)",
      "!dyn(1)",
      "1 % 0",
      "1u / 0u",
    ],
    ...[
      "dyn(1) < dyn('a')",
      "dyn([1]) < dyn([2])",
      "dyn(duration('1s')) * dyn(2)",
      "dyn(timestamp(0)) + dyn(timestamp(0))",
    ],
    ...[
      "dyn(1) in dyn(2)",
      "dyn(1).all(x, true)",
      "[1].all(x, dyn(1))",
      "[1].exists_one(x, dyn(1))",
      "[1].filter(x, dyn(1))",
    ],
    ...[
      "[1].map(x, dyn(1), x)",
      "[1].map(x, 1 / 0)",
      "[1].map(x, 1 / 0 == 1, x)",
      "dyn(1) ? true : false",
      "{1.0: 1}[1]",
    ],
    ...[
      "{dyn([]): 1}",
      "{'a': 1, 'a': 2}",
      "{1: 1, 1u: 2}",
      "{1 / 0: 1}",
      "{1: 1 / 0}",
      "[1 / 0]",
      "[1][dyn('a')]",
      "dyn(1)[0]",
    ],
    ...[
      "[1][1 / 0]",
      "(1 / 0) == 1",
      "1 == (1 / 0)",
      "dyn(1).a",
      "has(dyn(1).a)",
      "has(v[1 / 0].a)",
      "dyn('a').contains(v[1 / 0])",
    ],
    ...[
      "bool('yes')",
      "bool(dyn(1))",
      "int('0x10')",
      "int('')",
      "int(1e19)",
      "int(dyn(null))",
      "uint(-1)",
      "uint('-1')",
      "uint(-1.0)",
    ],
    ...[
      "uint(dyn(null))",
      "double('1.0.0')",
      "double(' 1')",
      "double(dyn(null))",
      "string(dyn(null))",
      "string(b'\\xff')",
      "bytes(dyn(1))",
    ],
    ...[
      "timestamp(dyn(1.0))",
      "timestamp(dyn('2024-02-30T00:00:00Z'))",
      "timestamp(dyn('2024-01-01T24:00:00Z'))",
    ],
    ...[
      "timestamp(dyn('2024-01-01T00:00:00+24:00'))",
      "timestamp(dyn('2024-01-01'))",
      "timestamp(253402300800)",
    ],
    ...[
      "duration(dyn(1))",
      "duration(dyn(''))",
      "duration(dyn('-'))",
      "duration(dyn('.s'))",
      "duration(dyn('1'))",
      "duration(dyn('1d'))",
    ],
    ...[
      "duration('2562047h') + duration('1h')",
      "timestamp(0).getHours(dyn('Mars'))",
      "timestamp(0).getHours(dyn(1))",
    ],
    ...[
      "dyn(1).getHours()",
      "dyn(1).getHours('UTC')",
      "dyn(duration('1h')).getFullYear()",
      "dyn(duration('1h')).getHours(dyn('UTC'))",
    ],
    ...[
      "dyn(1).contains('a')",
      "dyn(1).trim()",
      "dyn(1).split('a')",
      "dyn('a').split(',', dyn(1.0))",
      "dyn([1]).join()",
      "dyn(1).join()",
    ],
    ...[
      "dyn(['a']).join(dyn(1))",
      "size(dyn(1))",
      "dyn(1).matches('a')",
      "'a'.matches(dyn('('))",
      "v.a",
      "v[0]",
    ],
  ])("%s is an error", (source) => expect(evaluate(source)).toBeInstanceOf(Failure));

  it("splits into no parts, or into all", () => {
    expect(evaluate("'a b'.split(' ', 0)")).toEqual([]);
    expect(evaluate("'a b'.split(' ', -1)")).toEqual(["a", "b"]);
  });
});

describe("programs", () => {
  it("end where the steps do, whatever would absorb errors", () => {
    const list = Array.from({ length: 1000 }, () => 1);
    expect(evaluate("v.all(x, x == 1)", list, 10_000)).toBe(true);
    expect(evaluate("v.all(x, x == 1) || true", list, 100)).toEqual(
      new Failure("it takes more than 100 steps"),
    );
  });

  it("end with an error whatever is thrown", () => {
    const broken = () => {
      throw new RangeError("no more stack");
    };
    expect(runProgram(broken, {}, 1)).toEqual(new Failure("it could not be evaluated"));
  });

  it("hide the variables around by those of comprehensions", () => {
    expect(evaluate("[1].all(v, v == 1 && [2].all(v, v == 2) && v == 1)", "outer")).toBe(true);
    expect(evaluate("[{'a': 1}].all(x, has(x.a) && !has(x.b))")).toBe(true);
  });
});
