import { type ChildProcess, fork } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Line } from "./benchmark.ts";
import type { Message, Order } from "./run-benchmark.ts";

/** What a benchmark came to. */
export interface Outcome {
  readonly lines: readonly Line[];
  readonly notes: readonly string[];
  /** Why it ended early. */
  readonly error: string | undefined;
}

/** A benchmark that takes longer hangs. */
const LONGEST_MS = 20 * 60_000;

/**
 * Runs a benchmark in a process group of its own. However it ends, when this returns nothing of it is left: neither its
 * processes nor its files.
 *
 * @param onLine told of each line at once
 * @param signal ends it early
 */
export async function runIsolated(
  order: Omit<Order, "directory">,
  onLine: (line: Line) => void,
  signal: AbortSignal,
): Promise<Outcome> {
  const directory = mkdtempSync(join(tmpdir(), "sidegate-bench-"));
  // A group of its own is what can be killed whole, processes started by its processes included.
  const child = fork(join(import.meta.dirname, "run-benchmark.ts"), { detached: true });
  const limit = AbortSignal.any([signal, AbortSignal.timeout(LONGEST_MS)]);
  try {
    child.send({ ...order, directory } satisfies Order);
    return await gather(child, onLine, limit);
  } finally {
    killGroup(child);
    rmSync(directory, { recursive: true, force: true });
  }
}

function gather(child: ChildProcess, onLine: (line: Line) => void, limit: AbortSignal): Promise<Outcome> {
  const lines: Line[] = [];
  const notes: string[] = [];
  return new Promise((resolve) => {
    const end = (error?: string) => resolve({ lines, notes, error });
    limit.addEventListener("abort", () => end("It was ended early"));
    if (limit.aborted) end("It was ended early");
    child.on("message", (message: Message) => {
      if ("end" in message) return end(message.end.error);
      if ("note" in message) return void notes.push(message.note);
      lines.push(message.line);
      onLine(message.line);
    });
    child.on("exit", (code, signal) => end(`Its process ended with ${signal ?? code}`));
    child.on("error", (error) => end(error.message));
  });
}

function killGroup({ pid }: ChildProcess): void {
  if (pid === undefined) return;
  try {
    process.kill(-pid, "SIGKILL");
  } catch (error) {
    // It ended by itself.
    if ((error as NodeJS.ErrnoException).code !== "ESRCH") throw error;
  }
}
