import { mkdtemp, rename, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { ManualClock } from "../../test/support/manual-clock.ts";
import { createTestKey, jwksOf } from "../../test/support/signing.ts";
import { type LogLine, recordingLogger } from "../../test/support/silent-logger.ts";
import { PolicyKeyFile } from "./policy-key-file.ts";
import { nodeSmallFiles, type SmallFiles } from "./small-files.ts";

const [a, b] = [createTestKey("a"), createTestKey("b")];

let directory: string;
let path: string;
let clock: ManualClock;
let lines: LogLine[];
let started: PolicyKeyFile[];

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), "sidegate-keys-"));
  path = join(directory, "policy-keys.json");
  clock = new ManualClock();
  started = [];
});

afterEach(async () => {
  for (const file of started) file.stop();
  await rm(directory, { recursive: true, force: true });
});

function open(files: SmallFiles = nodeSmallFiles): PolicyKeyFile {
  const recorded = recordingLogger();
  lines = recorded.lines;
  const file = new PolicyKeyFile({ path, files, clock, logger: recorded.logger });
  started.push(file);
  file.start();
  return file;
}

const errors = () => lines.filter(({ level }) => level >= 50);

describe("the file of policy keys", () => {
  test("is read at the start", async () => {
    await writeFile(path, jwksOf(a));
    const file = open();
    expect(file.isKnown).toBe(true);
    expect(file.get("a")?.equals(a.publicKey)).toBe(true);
    expect(file.get("b")).toBeUndefined();
  });

  test("is read again when it changes, within ten seconds", async () => {
    await writeFile(path, jwksOf(a));
    const file = open();
    await writeFile(path, jwksOf(b));
    await clock.advance(9_999);
    expect(file.get("a")).toBeDefined();
    await clock.advance(1);
    expect([file.get("a"), file.get("b")?.equals(b.publicKey)]).toEqual([undefined, true]);
  });

  test("is read at once for a key that is not known, but not for each of many", async () => {
    await writeFile(path, jwksOf(a));
    let looks = 0;
    const file = open({ ...nodeSmallFiles, stamp: (name) => `${++looks} ${nodeSmallFiles.stamp(name)}` });
    await clock.advance(1_000);
    await writeFile(path, jwksOf(a, b));
    expect(file.get("b")).toBeDefined();
    const before = looks;
    for (let tries = 0; tries < 100; tries++) file.get("nobody");
    expect(looks).toBe(before);
  });

  test("is noticed when the kubelet swaps the folder behind a link", async () => {
    await writeFile(join(directory, "data-1.json"), jwksOf(a));
    await writeFile(join(directory, "data-2.json"), jwksOf(b));
    await symlink("data-1.json", path);
    const file = open();
    await symlink("data-2.json", join(directory, "next"));
    await rename(join(directory, "next"), path);
    await clock.advance(10_000);
    expect([file.get("a"), file.get("b")?.equals(b.publicKey)]).toEqual([undefined, true]);
  });

  test.each([
    ["is cut", () => jwksOf(a).slice(0, 20)],
    ["is empty", () => ""],
    ["has 10 MB", () => jwksOf(b).padEnd(10 * 1024 * 1024)],
  ])("leaves the last good keys trusted when it %s, and is complained of once", async (_, content) => {
    await writeFile(path, jwksOf(a));
    const file = open();
    await writeFile(path, content());
    await clock.advance(60_000);
    expect(file.get("a")).toBeDefined();
    expect(errors()).toMatchObject([
      { msg: "The keys of policies can not be read; those known before stay trusted", keys: 1 },
    ]);
    await writeFile(path, jwksOf(b));
    await clock.advance(10_000);
    expect([file.get("a"), file.get("b")?.equals(b.publicKey)]).toEqual([undefined, true]);
  });

  test("of 10 MB is not read to its end", async () => {
    await writeFile(path, "x".repeat(10 * 1024 * 1024));
    expect(() => nodeSmallFiles.read(path, 1_000)).toThrow("more than 1000 bytes");
  });

  test("may be missing: nobody is trusted until it comes, and once it was known its keys stay", async () => {
    const file = open();
    expect([file.isKnown, file.get("a")]).toEqual([false, undefined]);
    await clock.advance(60_000);
    expect(errors()).toHaveLength(1);
    await writeFile(path, jwksOf(a));
    await clock.advance(10_000);
    expect(file.get("a")).toBeDefined();
    await rm(path);
    await clock.advance(60_000);
    expect(file.get("a")).toBeDefined();
    expect(errors()).toHaveLength(2);
  });

  test("that trusts nobody is obeyed, loudly", async () => {
    await writeFile(path, jwksOf(a));
    const file = open();
    await writeFile(path, jwksOf());
    await clock.advance(10_000);
    expect(file.get("a")).toBeUndefined();
    expect(errors()).toMatchObject([{ msg: "No key is trusted to sign policies" }]);
  });

  test("says which entries it passes over", async () => {
    await writeFile(path, JSON.stringify({ keys: [a.jwk, { kty: "RSA", kid: "r" }] }));
    open();
    expect(lines).toMatchObject([{ keys: ["a"], ignored: ["keys[1]: it is no Ed25519 key"] }]);
  });
});
