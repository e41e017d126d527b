import { expect, it } from "vitest";
import { formatJunit } from "./format-junit.ts";
import type { CaseReport } from "./run-cases.ts";

const passed: CaseReport = {
  file: "cases/a.yaml",
  world: 'A "world" & <more>',
  name: "the editor edits",
  passed: true,
  subject: "User:ada",
  permission: "logs:view",
  scope: "platform",
  want: { outcome: "Allowed" },
  got: { outcome: "Allowed" },
};

it("writes a suite for each world, with failures and their explanation", () => {
  const failed: CaseReport = {
    ...passed,
    name: "control \u0001 characters",
    passed: false,
    got: { outcome: "NoGrant", disclosure: "Forbidden" },
    roles: ["viewer"],
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
