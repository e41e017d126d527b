import { SidegateError } from "../engine/errors/sidegate-error.ts";
import { parseAddress, socketModes } from "../host/address.ts";
import type { OperatorAccess } from "../sidecar/delivery/operator-access.ts";
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
    access: readAccess(options),
    domains: [...new Set(domain)],
    listen: [
      parseAddress(listen, socketModes.anyone),
      ...(socket === undefined ? [] : [parseAddress(`unix:${socket}`, socketMode)]),
    ],
    health: health === undefined ? undefined : parseAddress(health, socketModes.anyone),
    metrics: metrics === undefined ? undefined : parseAddress(metrics, socketModes.anyone),
    directory: dataDir,
    shardMemory: options.shardMemory,
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

function readAccess({ ca, serverName, tokenFile }: SidecarCommandOptions): OperatorAccess {
  if (ca === undefined && (tokenFile ?? serverName) !== undefined) {
    const text = "--token-file and --server-name need --ca: nothing secret is sent in plain text";
    throw new SidegateError("SG5001", text);
  }
  return { ca, serverName, tokenFile };
}
