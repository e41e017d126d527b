import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { core } from "./incits-359-core.ts";
import { hierarchy } from "./incits-359-hierarchy.ts";
import { dynamicSeparation, staticSeparation } from "./incits-359-separation.ts";

const page = readFileSync(join(import.meta.dirname, "../../docs/reference/incits-359.md"), "utf8");

/** The first cells of the tables whose first column is the function, by the heading that they stand under. */
function documented(heading: string): string[] {
  const sections = page.split(/^## /m).filter((section) => section.startsWith(heading));
  return sections
    .flatMap((section) => section.split("\n"))
    .flatMap((line) => /^\| ([A-Z][A-Za-z]+) \|/.exec(line)?.[1] ?? []);
}

describe.each([
  ["Core", core, 21],
  ["General hierarchy", hierarchy, 6],
  ["Static separation of duty", staticSeparation, 8],
  ["Dynamic separation of duty", dynamicSeparation, 8],
])("ANSI/INCITS 359, %s", (heading, functions, count) => {
  it.each(Object.entries(functions))("%s", (_name, holds) => holds());

  it("has one row and one test for each function", () => {
    expect(documented(heading)).toEqual(Object.keys(functions));
    expect(Object.keys(functions)).toHaveLength(count);
  });
});
