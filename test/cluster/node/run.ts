import { spawn } from "node:child_process";
import { text } from "node:stream/consumers";
import { projectRoot } from "../../support/processes.ts";

export interface RunOptions {
  /** What it reads. Default: nothing. */
  readonly input?: string;
  /** Exit codes that are no failure. Default: 0. */
  readonly codes?: readonly number[];
  readonly env?: NodeJS.ProcessEnv;
}

/**
 * Runs a user's tool from the project's folder and returns what it prints. Rejects with what it complains of. Tools of the
 * test cluster are found where the machine has none.
 */
export async function run(
  command: string,
  args: readonly string[],
  options: RunOptions = {},
): Promise<string> {
  const { input = "", codes = [0], env } = options;
  const cache = process.env.SIDEGATE_CLUSTER_CACHE ?? `${process.env.HOME}/.cache/sidegate-cluster`;
  const child = spawn(command, args, {
    cwd: projectRoot,
    env: { ...process.env, ...env, PATH: `${process.env.PATH}:${cache}/bin` },
  });
  // A tool that ends before it has read everything says why itself.
  child.stdin.on("error", () => {});
  child.stdin.end(input);
  const ended = new Promise<number | null>((resolve, reject) => {
    child.once("error", reject);
    child.once("close", resolve);
  });
  const [code, stdout, stderr] = await Promise.all([ended, text(child.stdout), text(child.stderr)]);
  if (code === null || !codes.includes(code))
    throw new Error(`${command} ${args.join(" ")} ended with ${code}: ${stderr}${stdout}`);
  return stdout;
}
