import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { cpus, loadavg, release, totalmem } from "node:os";

/** Where and of what figures were taken. */
export interface Machine {
  readonly cpu: string;
  readonly cores: number;
  /** GB of 10^9 bytes. */
  readonly memory: number;
  readonly system: string;
  readonly node: string;
  /** Versions of the packages that carry requests. */
  readonly packages: Readonly<Record<string, string>>;
  /** With "and changes" where files differ from it. */
  readonly commit: string;
  /** Processes that wanted to run, on average over the last minute. */
  readonly load: number;
}

const PACKAGES = ["@grpc/grpc-js", "protobufjs"];

export function describeMachine(): Machine {
  const processors = cpus();
  return {
    cpu: processors[0]?.model.trim() ?? "unknown",
    cores: processors.length,
    memory: Math.round(totalmem() / 1e9),
    system: `Linux ${release()}`,
    node: process.version,
    packages: Object.fromEntries(PACKAGES.map((name) => [name, versionOf(name)])),
    commit: readCommit(),
    load: loadavg()[0] ?? 0,
  };
}

/** More than this share of the cores at work by others makes figures worse than they are. */
const BUSY = 0.3;

export function isBusy({ load, cores }: Machine): boolean {
  return load > cores * BUSY;
}

function versionOf(name: string): string {
  const path = createRequire(import.meta.url).resolve(`${name}/package.json`);
  return (JSON.parse(readFileSync(path, "utf8")) as { version: string }).version;
}

function readCommit(): string {
  const git = (...args: string[]) =>
    execFileSync("git", args, { cwd: import.meta.dirname, stdio: ["ignore", "pipe", "ignore"] })
      .toString()
      .trim();
  try {
    const hash = git("rev-parse", "--short=12", "HEAD");
    return git("status", "--porcelain", "--untracked-files=no") === "" ? hash : `${hash} and changes`;
  } catch {
    return "unknown";
  }
}
