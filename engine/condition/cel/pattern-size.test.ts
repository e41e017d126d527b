import { RE2JS } from "re2js";
import { describe, expect, it } from "vitest";
import { compilePattern } from "./pattern.ts";
import { patternSize } from "./pattern-size.ts";
import { Failure } from "./value.ts";

describe("patternSize", () => {
  it.each([
    ...[
      "a",
      "abc",
      "^[a-z]+@acme\\.com$",
      "(a|b)*c",
      "(?:ab){20}",
      "((a?){10}){10}",
      "a{3,50}",
      "[^]]{4}[[:alpha:]]{5}",
    ],
    ...[
      "[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}",
      "\\x{41}{10}\\p{Greek}{3}",
      "(?i)k{30}",
    ],
    ...["a{2}b{3}(c{4}d){5}", "(?P<name>x)+?y", "\\{3\\}a{0,9}", "x{0}y", "[\\]a]{9}", "a{,3}{"],
  ])("is not far below what %s compiles to", (source) => {
    const real = RE2JS.compile(source).programSize();
    expect(patternSize(source) * 2 + 4).toBeGreaterThanOrEqual(real);
    expect(compilePattern(source)).not.toBeInstanceOf(Failure);
  });

  it.each([...["(", ")", "[", "\\", "[\\", "((((", "))))", "{1}{2}", "\\p{", "[[:", "[^", "[]", "[^]"]])(
    "takes %s, which is none",
    (source) => {
      expect(patternSize(source)).toBeGreaterThanOrEqual(0);
      expect(compilePattern(source)).toBeInstanceOf(Failure);
    },
  );
});
