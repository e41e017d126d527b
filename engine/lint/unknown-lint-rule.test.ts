import { expect, it } from "vitest";
import { findingsOf } from "../../test/support/lint-rule.ts";
import { build } from "../../test/worlds/build.ts";
import { LINT_IGNORE } from "./ignored-rules.ts";
import { unknownLintRule } from "./unknown-lint-rule.ts";

const rule = unknownLintRule((name) => ["A", "B"].includes(name));
const acme = (ignore: string) =>
  build("Organization", { name: "acme", annotations: { [LINT_IGNORE]: ignore } }, {});

it("warns of a suppression that names no rule", () => {
  expect(findingsOf(rule, acme("A, C"))).toEqual([
    'Organization/acme metadata.annotations.sidegate.dev/lint-ignore: there is no rule "C"',
  ]);
});

it("is content with names of rules, however they are spaced, and with objects without annotations", () => {
  expect(findingsOf(rule, acme(" A ,B,"), build("Organization", "other", {}))).toEqual([]);
});
