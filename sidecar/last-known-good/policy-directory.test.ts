import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { ManualClock } from "../../test/support/manual-clock.ts";
import { recordingLogger, silent } from "../../test/support/silent-logger.ts";
import { openPolicyDirectory } from "./policy-directory.ts";

let directory: string;
const clock = new ManualClock();
const open = (path = directory, domains = ["shop"], logger = silent) =>
  openPolicyDirectory({ directory: path, domains, clock, logger });

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), "sidegate-"));
});

afterEach(() => rm(directory, { recursive: true, force: true }));

describe("a policy directory", () => {
  test("has a folder for each domain, whatever its name", async () => {
    const opened = await open(join(directory, "deep", "down"), ["shop", "a/../b", ".."]);
    const folders = await readdir(join(directory, "deep", "down"));
    expect(folders.sort()).toEqual(["%2E%2E", "a%2F%2E%2E%2Fb", "lock.sock", "shop"]);
    await opened.close();
  });

  test("is refused to a second sidecar until the first lets go", async () => {
    const first = await open();
    await expect(open()).rejects.toMatchObject({
      code: "SG2203",
      message: expect.stringContaining(directory),
    });
    await first.close();
    await (await open()).close();
  });

  test("is guarded even where its path is too long for a socket", async () => {
    const path = join(directory, "x".repeat(120));
    const first = await open(path);
    await expect(open(path)).rejects.toMatchObject({ code: "SG2203" });
    await first.close();
    await (await open(path)).close();
  });

  test("is taken over from a process that was killed", async () => {
    const script = `
      import { lockDirectory } from ${JSON.stringify(join(import.meta.dirname, "directory-lock.ts"))};
      await lockDirectory(${JSON.stringify(directory)});
      setInterval(() => {}, 1000);
      console.log("locked");
    `;
    const child = spawn(process.execPath, ["--input-type=module", "-e", script]);
    await once(child.stdout, "data");
    await expect(open()).rejects.toMatchObject({ code: "SG2203" });
    child.kill("SIGKILL");
    await once(child, "exit");
    expect(await readdir(directory)).toContain("lock.sock");
    await (await open()).close();
  });

  test("that can not be made is logged, and decisions need it not", async () => {
    const { logger, lines } = recordingLogger();
    await writeFile(join(directory, "file"), "");
    const opened = await open(join(directory, "file", "below"), ["shop"], logger);
    expect(lines.map(({ msg }) => msg)).toEqual([
      "Could not lock the directory of the last known good",
      "Runs without keeping its policy on disk",
    ]);
    expect(opened.stores.get("shop")).toBeDefined();
    await opened.close();
  });
});
