import { execFile } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, expect, test } from "vitest";
import packageJson from "../../package.json" with { type: "json" };
import packageLock from "../../package-lock.json" with { type: "json" };
import { projectRoot } from "../support/processes.ts";

const call = promisify(execFile);
const folder = mkdtempSync(join(tmpdir(), "sidegate-bundle-"));
const inRoot = { cwd: projectRoot };

/** Runs what the image runs, from a place where no other file of the project is. */
const sidegate = (...args: string[]) =>
  call(process.execPath, [join(folder, "sidegate.js"), ...args], inRoot).then(({ stdout }) => stdout);

beforeAll(async () => {
  const rolldown = join(projectRoot, "node_modules/rolldown/bin/cli.mjs");
  await call(process.execPath, [rolldown, "--config", "--dir", folder], inRoot);
});

afterAll(() => rmSync(folder, { recursive: true }));

test("the bundle runs without the project's files, sources and dependencies", async () => {
  expect(await sidegate("--version")).toBe(`${packageJson.version}\n`);
  expect(await sidegate("lint", "presets/redox")).toContain("nothing to find fault with");
  // Case files are read by a schema that is a file of its own.
  expect(await sidegate("test", "presets/redox")).toContain(" 0 failed");
});

test("its SBOM names what is in it, in the versions that are locked, and nothing for development", () => {
  const sbom = JSON.parse(readFileSync(join(folder, "sbom.cdx.json"), "utf8")) as {
    components: { name: string; version: string; licenses?: object[] }[];
  };
  const names = sbom.components.map(({ name }) => name);
  expect(names).toEqual(
    expect.arrayContaining(["@grpc/grpc-js", "@kubernetes/client-node", "pino", "undici"]),
  );
  const locked = packageLock.packages as Record<string, { version?: string; dev?: boolean }>;
  for (const { name, version, licenses } of sbom.components) {
    const entries = Object.entries(locked).filter(([path]) => path.endsWith(`node_modules/${name}`));
    expect(
      entries.filter(([, entry]) => entry.version === version && !entry.dev),
      name,
    ).not.toEqual([]);
    expect(licenses, name).toHaveLength(1);
  }
  const licenses = readFileSync(join(folder, "third-party-licenses.txt"), "utf8");
  for (const { name, version } of sbom.components) expect(licenses).toContain(`${name} ${version}\n`);
});
