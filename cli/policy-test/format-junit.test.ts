import { expect, it } from "vitest";
import type { CaseReport } from "./case-report.ts";
import { formatJunit } from "./format-junit.ts";

const passed: CaseReport = {
  file: "cases/a.yaml",
  world: 'A "world" & <more>',
  name: "the editor edits",
  passed: true,
  asked: "User:ada logs:view platform",
  expected: "allow",
  got: "allow",
  explanation: [],
};

it("writes a suite for each world, with failures and their explanation", () => {
  const failed: CaseReport = {
    ...passed,
    name: "control \u0001 characters",
    passed: false,
    got: "deny NoGrant (Forbidden)",
    explanation: ["effective at platform: viewer"],
  };
  expect(formatJunit([passed, failed], 1.5)).toBe(`<?xml version="1.0" encoding="UTF-8"?>
<testsuites name="sidegate" tests="2" failures="1" errors="0" time="1.500">
  <testsuite name="cases/a.yaml: A &quot;world&quot; &amp; &lt;more&gt;" tests="2" failures="1" errors="0" skipped="0">
    <testcase classname="cases/a.yaml" name="the editor edits"/>
    <testcase classname="cases/a.yaml" name="control \\u0001 characters">
      <failure message="expected allow, got deny NoGrant (Forbidden)">expected allow, got deny NoGrant (Forbidden)
User:ada logs:view platform
effective at platform: viewer</failure>
    </testcase>
  </testsuite>
</testsuites>
`);
});
