import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { runCli } from "./run-cli.ts";

const page = readFileSync("docs/how-to/narrow-with-tokens.md", "utf8");
const script = /```js\n([\s\S]*?)```/.exec(page)?.[1] ?? "";
const questions = [...page.matchAll(/^\$ sidegate (check .*)\n(allow|deny)$/gm)];
let folder: string;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "sidegate-tokens-"));
  writeFileSync(join(folder, "make.mjs"), script);
  execFileSync(process.execPath, ["make.mjs"], { cwd: folder });
});
afterAll(() => rmSync(folder, { recursive: true }));

test("the page asks something", () => {
  expect(questions).toHaveLength(4);
});

test.each(questions.map(([, command = "", answer = ""]) => [command, answer]))(
  "%s: %s",
  async (command, answer) => {
    const args = command
      .split(" ")
      .map((word) => (word === "." ? folder : word.replace("token.jwt", join(folder, "token.jwt"))));
    const { stdout, stderr } = await runCli(args);
    expect({ answer: stdout.split(" ")[0], stderr }).toEqual({ answer, stderr: "" });
  },
);
