import { parseAddress, socketModes } from "../host/address.ts";
import { startSidecar } from "../sidecar/sidecar.ts";
import { aborted } from "./aborted.ts";
import { type CliContext, exitCodes } from "./cli-context.ts";
import type { SidecarCommandOptions } from "./command-options.ts";

/** Answers checks until the process is asked to stop. */
export async function runSidecar(options: SidecarCommandOptions, context: CliContext): Promise<void> {
  const { operator, domain, listen, socket, socketMode, health, metrics, dataDir, name, logLevel } = options;
  const { clock, random, version, stopping, hostname, pid } = context;
  const sidecar = await startSidecar({
    operators: [...new Set(operator)],
    domains: [...new Set(domain)],
    listen: [
      parseAddress(listen, socketModes.anyone),
      ...(socket === undefined ? [] : [parseAddress(`unix:${socket}`, socketMode)]),
    ],
    health: health === undefined ? undefined : parseAddress(health, socketModes.anyone),
    metrics: metrics === undefined ? undefined : parseAddress(metrics, socketModes.anyone),
    directory: dataDir,
    name: name ?? `${hostname}-${pid}`,
    version,
    clock,
    random,
    logger: await context.createLog(logLevel),
  });
  await aborted(stopping);
  await sidecar.stop();
  context.exit(exitCodes.ok);
}
