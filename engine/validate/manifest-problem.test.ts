import { expect, test } from "vitest";
import { formatProblem, MAX_PROBLEMS, ProblemList, quote } from "./manifest-problem.ts";

test("a problem is one line: object, field, what is wrong, what to do", () => {
  const problems = new ProblemList("AccessRoleBinding shop/alice");
  problems.add("SG1003", "spec.scpoe", 'there is no field "scpoe"', "did you mean scope?");
  problems.add("SG1009", "", "is too large");
  expect(problems.all.map(formatProblem)).toEqual([
    'AccessRoleBinding shop/alice: spec.scpoe: there is no field "scpoe"; did you mean scope?',
    "AccessRoleBinding shop/alice: is too large",
  ]);
});

test("a list of problems ends after MAX_PROBLEMS and says so", () => {
  const problems = new ProblemList("Organization acme");
  for (let index = 0; index < 100_000; index++)
    problems.add("SG1001", `spec.attributes.a${index}`, "is wrong");
  expect(problems.all).toHaveLength(MAX_PROBLEMS + 1);
  expect(problems.all.at(-1)).toMatchObject({ path: "", message: "there are more problems" });
  expect(problems.full).toBe(true);
});

test.each([
  ["a\nb", '"a\\nb"'],
  ["x".repeat(100), `"${"x".repeat(57)}..."`],
  [null, "null"],
  [1.5, "1.5"],
  [[1], "a list"],
  [{}, "an object"],
])("%j is quoted on one line", (value, expected) => {
  expect(quote(value)).toBe(expected);
});
