import { type ChildProcessWithoutNullStreams, spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { vi } from "vitest";

const root = join(import.meta.dirname, "../..");
const PATIENCE = { timeout: 60_000, interval: 10 };

export interface CliResult {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs the command line as a user would and waits for its end. */
export async function runCli(args: readonly string[], env: NodeJS.ProcessEnv = {}): Promise<CliResult> {
  const running = new RunningCli(args, env);
  const code = await running.ended;
  return { code, stdout: running.stdout, stderr: running.stderr };
}

/** The command line as a process that goes on until it is stopped. */
export class RunningCli {
  stdout = "";
  stderr = "";
  /** The exit code; null after a signal. */
  readonly ended: Promise<number | null>;
  readonly #process: ChildProcessWithoutNullStreams;

  constructor(args: readonly string[], env: NodeJS.ProcessEnv = {}) {
    this.#process = spawn(join(root, "cli/sidegate"), args, {
      cwd: root,
      env: { PATH: process.env.PATH, HOME: process.env.HOME, TMPDIR: process.env.TMPDIR, ...env },
    });
    this.#process.stdout.on("data", (data) => (this.stdout += data));
    this.#process.stderr.on("data", (data) => (this.stderr += data));
    this.ended = once(this.#process, "close").then(([code]) => code as number | null);
  }

  /** The first group of the first match in all that was printed so far; waits for it. */
  async waitFor(pattern: RegExp): Promise<string> {
    return vi.waitFor(() => {
      const match = pattern.exec(this.stdout + this.stderr);
      if (match === null) throw new Error(`${pattern} is not in\n${this.stdout}\n${this.stderr}`);
      return match[1] ?? match[0];
    }, PATIENCE);
  }

  async stop(signal: NodeJS.Signals = "SIGTERM"): Promise<number | null> {
    if (this.#process.exitCode === null && this.#process.signalCode === null) this.#process.kill(signal);
    return this.ended;
  }
}
