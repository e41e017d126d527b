import { cli, RunningProcess } from "../support/processes.ts";

export interface CliResult {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs the command line as a user would and waits for its end. */
export async function runCli(args: readonly string[], env: NodeJS.ProcessEnv = {}): Promise<CliResult> {
  const running = new RunningProcess(cli, args, { env });
  const { code } = await running.ended;
  return { code, stdout: running.stdout, stderr: running.stderr };
}
