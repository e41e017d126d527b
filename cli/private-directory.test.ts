import { chmodSync, mkdtempSync, rmSync, statSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { makePrivateDirectory } from "./private-directory.ts";

const uid = process.getuid?.() ?? 0;
let parent: string;
beforeEach(() => {
  parent = mkdtempSync(join(tmpdir(), "sidegate-private-"));
});
afterEach(() => rmSync(parent, { recursive: true, force: true }));

test("a private directory is made, and found again", () => {
  const directory = makePrivateDirectory(parent, uid);
  expect(statSync(directory).mode & 0o777).toBe(0o700);
  expect(makePrivateDirectory(parent, uid)).toBe(directory);
});

test("a directory that others may look into is refused", () => {
  chmodSync(makePrivateDirectory(parent, uid), 0o755);
  expect(() => makePrivateDirectory(parent, uid)).toThrow("is not yours alone");
});

test("a link is refused, wherever it leads", () => {
  symlinkSync(mkdtempSync(join(parent, "x-")), join(parent, `sidegate-${uid}`));
  expect(() => makePrivateDirectory(parent, uid)).toThrow("is not yours alone");
});
