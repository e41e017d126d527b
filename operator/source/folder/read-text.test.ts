import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { readText } from "./read-text.ts";

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "sidegate-text-"));
});
afterEach(() => rmSync(folder, { recursive: true }));

const read = (name: string) => readText("a.yaml", join(folder, name));

test("a file is read whole, whatever its size", () => {
  for (const length of [0, 1, 4095, 4096, 4097, 1_000_000]) {
    writeFileSync(join(folder, "a.yaml"), "x".repeat(length));
    expect(read("a.yaml")).toHaveLength(length);
  }
});

test("a pipe in the place of a file is refused at once", () => {
  execFileSync("mkfifo", [join(folder, "a.yaml")]);
  expect(read("a.yaml")).toMatchObject({ code: "SG1102", message: "Reading it fails with EINVAL" });
});

test.runIf(process.platform === "linux")(
  "a file that says to be empty and has no end is over the limit",
  () => {
    expect(readText("a.yaml", "/proc/self/pagemap")).toMatchObject({ code: "SG1103" });
  },
);
