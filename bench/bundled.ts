import { spawn, spawnSync } from "node:child_process";
import { join } from "node:path";
import { Command } from "./child-processes.ts";

const root = join(import.meta.dirname, "..");

/** As the image starts Node. */
const FLAGS = ["--max-semi-space-size=8"];

/** Bundles the command line as `make build` does. @returns its main file */
export function bundle(directory: string): string {
  const out = join(directory, "dist");
  const rolldown = join(root, "node_modules/.bin/rolldown");
  const { status, stderr } = spawnSync(rolldown, ["--config", "--logLevel", "warn", "--dir", out], {
    cwd: root,
  });
  if (status !== 0) throw new Error(`Bundling failed: ${stderr}`);
  return join(out, "sidegate.js");
}

/** Starts a bundled `sidegate` as a container does. */
export function startBundled(main: string, ...args: string[]): Command {
  const startedAt = Date.now();
  const child = spawn(process.execPath, [...FLAGS, main, ...args], { stdio: ["ignore", "ignore", "pipe"] });
  return new Command(child, startedAt);
}
