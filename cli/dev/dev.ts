import { statSync } from "node:fs";
import { join } from "node:path";
import { SidegateError } from "../../engine/errors/sidegate-error.ts";
import { describeFileError } from "../../operator/source/folder/list-files.ts";
import { aborted } from "../aborted.ts";
import { type CliContext, exitCodes } from "../cli-context.ts";
import type { DevCommandOptions } from "../command-options.ts";
import { DevConsole } from "./dev-console.ts";
import { startDev } from "./start-dev.ts";

/** Serves a folder until the process is asked to stop. */
export async function dev(folder: string, options: DevCommandOptions, context: CliContext): Promise<void> {
  requireFolder(folder);
  const { port, domain, dataDir, logLevel } = options;
  const { privateDirectory, clock, random, version, stopping, pid } = context;
  const name = `dev-${port === 0 ? pid : port}`;
  const socket = options.socket ?? join(privateDirectory, `${name}.sock`);
  const console = new DevConsole(folder, context);
  const running = await startDev({
    folder,
    domain,
    listen: [
      { host: "127.0.0.1", port },
      { path: socket, mode: 0o600 },
    ],
    privateDirectory,
    dataDirectory: dataDir,
    name: `${name}-${pid}`,
    version,
    clock,
    random,
    logger: await context.createLog(logLevel),
    signal: stopping,
    onReport: (report) => console.report(report),
  });
  if (running !== undefined) {
    console.attach(running);
    await aborted(stopping);
    await running.stop();
  }
  context.exit(exitCodes.ok);
}

/** A folder that is not there at the start is a slip of the pen; one that vanishes later is waited for. */
function requireFolder(folder: string): void {
  let message: string | undefined;
  try {
    if (!statSync(folder).isDirectory()) message = describeFileError("ENOTDIR");
  } catch (error) {
    message = describeFileError((error as NodeJS.ErrnoException).code ?? String(error));
  }
  if (message !== undefined) throw new SidegateError("SG1101", `${folder}: ${message}`);
}
