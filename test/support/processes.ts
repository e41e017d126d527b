import { type ChildProcessWithoutNullStreams, spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { expect, vi } from "vitest";
import type { LogLine } from "./silent-logger.ts";

/** How long a test waits for something to happen in another process: a slow machine must not fail it. */
export const PATIENCE = { timeout: 60_000, interval: 20 };

/** Waits until what is looked at is as wanted. A look that fails is taken again. */
export async function eventually<T>(look: () => T | Promise<T>, wanted: T): Promise<void> {
  await vi.waitFor(async () => expect(await look()).toEqual(wanted), PATIENCE);
}

export const projectRoot = join(import.meta.dirname, "../..");

/** The command line as it is installed. */
export const cli = join(projectRoot, "cli/sidegate");

/** How a process ended: by itself with a code, or by a signal. */
export interface Ending {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
}

export interface ProcessOptions {
  /** Added to PATH, HOME and TMPDIR, which are all that a process gets of this one's environment. */
  readonly env?: NodeJS.ProcessEnv;
  /** All that it reads. Default: nothing, and its standard input stays open. */
  readonly input?: string;
}

/** A process that a test started, and what it said so far. */
export class RunningProcess {
  stdout = "";
  stderr = "";
  /** Resolves when the process is gone and all its output was read. */
  readonly ended: Promise<Ending>;
  readonly #child: ChildProcessWithoutNullStreams;
  #isGone = false;

  constructor(command: string, args: readonly string[], { env, input }: ProcessOptions = {}) {
    const { PATH, HOME, TMPDIR } = process.env;
    this.#child = spawn(command, args, { cwd: projectRoot, env: { PATH, HOME, TMPDIR, ...env } });
    this.#child.stdout.setEncoding("utf8").on("data", (text) => (this.stdout += text));
    this.#child.stderr.setEncoding("utf8").on("data", (text) => (this.stderr += text));
    // One that ends before it has read everything says why itself.
    this.#child.stdin.on("error", () => {});
    if (input !== undefined) this.#child.stdin.end(input);
    this.ended = once(this.#child, "close").then(([code, signal]) => {
      this.#isGone = true;
      return { code, signal };
    });
  }

  get isGone(): boolean {
    return this.#isGone;
  }

  get pid(): number {
    if (this.#child.pid === undefined) throw new Error("it was never started");
    return this.#child.pid;
  }

  /** The lines of its log, which are JSON. */
  get log(): LogLine[] {
    const lines = `${this.stdout}${this.stderr}`.split("\n").slice(0, -1);
    return lines.filter((line) => line.startsWith("{")).map((line) => JSON.parse(line));
  }

  /** Waits for a line of the log. Rejects with all that was said when the process ends without it. */
  async logged(message: string, fields: Readonly<Record<string, unknown>> = {}): Promise<LogLine> {
    const isMeant = (line: LogLine) =>
      line.msg === message && Object.entries(fields).every(([name, value]) => line[name] === value);
    return vi.waitUntil(() => {
      const line = this.log.find(isMeant);
      if (line !== undefined) return line;
      if (this.isGone) throw new Error(`It ended without "${message}":\n${this.stdout}\n${this.stderr}`);
      return undefined;
    }, PATIENCE);
  }

  /** The first group of the first match in all that was printed so far; waits for it. */
  async printed(pattern: RegExp): Promise<string> {
    return vi.waitFor(() => {
      const match = pattern.exec(this.stdout + this.stderr);
      if (match === null) throw new Error(`${pattern} is not in\n${this.stdout}\n${this.stderr}`);
      return match[1] ?? match[0];
    }, PATIENCE);
  }

  /** Sends a signal; none to a process that is gone, whose id may be another's by now. */
  signal(signal: NodeJS.Signals): void {
    if (!this.#isGone) this.#child.kill(signal);
  }

  /** Sends a signal that ends the process, and waits for the end. */
  end(signal: "SIGTERM" | "SIGINT" | "SIGKILL" = "SIGTERM"): Promise<Ending> {
    this.signal(signal);
    return this.ended;
  }
}

/** The processes of one test; none outlives it. */
export class Processes {
  readonly #all = new Set<RunningProcess>();

  constructor() {
    running.add(this);
  }

  start(command: string, args: readonly string[], options?: ProcessOptions): RunningProcess {
    const started = new RunningProcess(command, args, options);
    this.#all.add(started);
    return started;
  }

  /** Starts the command line as it is installed. */
  sidegate(args: readonly string[], options?: ProcessOptions): RunningProcess {
    return this.start(cli, args, options);
  }

  /** Kills what still runs, stopped processes too. */
  async end(): Promise<void> {
    await Promise.all([...this.#all].map((each) => each.end("SIGKILL")));
    running.delete(this);
  }

  /** The same where there is no time to wait. */
  kill(): void {
    for (const each of this.#all) each.signal("SIGKILL");
  }
}

const running = new Set<Processes>();
// A run of tests that breaks off leaves no process behind either.
process.once("exit", () => {
  for (const each of running) each.kill();
});
