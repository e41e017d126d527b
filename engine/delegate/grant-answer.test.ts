import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { grantReasons } from "./grant-answer.ts";

test("docs/reference/delegation.md has the reasons, in their order", () => {
  const page = readFileSync(join(import.meta.dirname, "../../docs/reference/delegation.md"), "utf8");
  const rows = [...page.matchAll(/^\| `([A-Z][A-Za-z]+)` \| (.*) \|$/gm)].map(([, reason, meaning]) => [
    reason,
    meaning,
  ]);
  expect(rows).toEqual(Object.entries(grantReasons));
});
