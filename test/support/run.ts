import { RunningProcess } from "./processes.ts";

export interface RunOptions {
  /** What it reads. Default: nothing. */
  readonly input?: string;
  /** Exit codes that are no failure. Default: 0. */
  readonly codes?: readonly number[];
  /** Added to this process's own. */
  readonly env?: NodeJS.ProcessEnv;
  /** Returns what it says on standard error as well: warnings. */
  readonly withErrors?: boolean;
}

/** The PATH on which tools of the test cluster are found where the machine has none. */
export function toolPath(): string {
  const cache = process.env.SIDEGATE_CLUSTER_CACHE ?? `${process.env.HOME}/.cache/sidegate-cluster`;
  return `${process.env.PATH}:${cache}/bin`;
}

/** What a tool complained of when it failed. */
export const complaint = (error: unknown) => (error as Error).message;

/**
 * Runs a user's tool from the project's folder and returns what it prints. Rejects with what it complains of.
 */
export async function run(
  command: string,
  args: readonly string[],
  options: RunOptions = {},
): Promise<string> {
  const { input = "", codes = [0], withErrors = false } = options;
  const env = { ...process.env, PATH: toolPath(), ...options.env };
  const tool = new RunningProcess(command, args, { env, input });
  const { code } = await tool.ended;
  const { stdout, stderr } = tool;
  if (code === null || !codes.includes(code))
    throw new Error(`${command} ${args.join(" ")} ended with ${code}: ${stderr}${stdout}`);
  return withErrors ? `${stdout}${stderr}` : stdout;
}
