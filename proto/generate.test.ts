import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { generate } from "./generate.ts";

test("the generated files are fresh; `node proto/generate.ts` renews them", async () => {
  const wanted = await generate();
  const found = readdirSync(join(import.meta.dirname, "generated")).map((file) => `generated/${file}`);
  expect(found.toSorted()).toEqual([...wanted.keys()].toSorted());
  for (const [path, content] of wanted) {
    expect(readFileSync(join(import.meta.dirname, path), "utf8") === content, path).toBe(true);
  }
});
