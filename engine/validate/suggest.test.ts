import { expect, test } from "vitest";
import { suggest } from "./suggest.ts";

const fields = ["role", "subjects", "scope", "notBefore", "expiresAt", "when"];

test.each([
  ["swapped letters", "scpoe", "scope"],
  ["a letter left out", "subject", "subjects"],
  ["another case", "notbefore", "notBefore"],
  ["three wrong letters in a long word", "expirsAr", "expiresAt"],
  ["a short word with one wrong letter", "rolf", "role"],
  ["another word", "members", undefined],
  ["a short word with two wrong letters", "rxlf", undefined],
  ["an empty word", "", undefined],
  ["a word longer than any name", "x".repeat(100_000), undefined],
])("%s: %.12s", (_, word, meant) => {
  expect(suggest(word, fields)).toBe(meant);
});
