import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { type CelCase, celCases, type LeftOut } from "./cel-cases.ts";
import { celDeviations } from "./cel-deviations.ts";
import { runOnConditions } from "./cel-engine.ts";

const cases = celCases();
const asked = cases.filter(({ leftOut }) => leftOut === undefined);
const failed = new Set(asked.filter((test) => !passes(test)).map(({ id }) => id));
const page = readFileSync(join(import.meta.dirname, "../../docs/reference/conformance.md"), "utf8");

function passes(one: CelCase): boolean {
  const { value, type, error } = runOnConditions(one);
  const isTyped = one.expectedType === undefined || one.expectedType === type;
  if (one.test.checkOnly) return error === undefined && isTyped;
  return one.expected === undefined ? error !== undefined : value === one.expected && isTyped;
}

describe("the public CEL conformance data", () => {
  it("is passed but for the deviations that are listed", () => {
    expect([...failed].sort()).toEqual(celDeviations.flatMap(({ tests }) => tests).sort());
  });

  it("gives an error, never another value, where it is not passed", () => {
    const others = asked.filter(({ id, test }) => failed.has(id) && !test.checkOnly);
    expect(others.filter((test) => runOnConditions(test).value !== undefined)).toEqual([]);
  });

  it("has the counts that the page of conformance says", () => {
    const rows = Map.groupBy(asked, ({ file }) => file);
    for (const [file, tests] of rows) {
      const passed = tests.filter(({ id }) => !failed.has(id)).length;
      expect(page).toContain(`\n| ${file} | ${tests.length} | ${passed} |`);
    }
    expect(page).toContain(`\n| all | ${asked.length} | ${asked.length - failed.size} |`);
    for (const [reason, tests] of Map.groupBy(cases, ({ leftOut }) => leftOut)) {
      if (reason !== undefined) expect(page).toContain(`\n| ${leftOutNames[reason]} | ${tests.length} |`);
    }
  });

  it("is explained on the page where it is not passed", () => {
    for (const { reason, tests } of celDeviations) expect(page).toContain(`| ${tests.length} | ${reason} |`);
  });
});

const leftOutNames: { readonly [reason in LeftOut]: string } = {
  messages: "Protobuf messages, enums and wrappers",
  extensions: "Libraries of functions beside the standard one",
  names: "Names with points, and containers",
};
