import type { Logger } from "pino";
import { parseAddress, socketModes } from "../../host/address.ts";
import type { PolicyKeys } from "../../sidecar/follower.ts";
import { startSidecar } from "../../sidecar/sidecar.ts";
import { aborted } from "../aborted.ts";
import { type CliContext, exitCodes } from "../cli-context.ts";
import type { SidecarCommandOptions } from "../command-options.ts";
import { readAccess, withPolicyKeys } from "./operator-access.ts";

/** Answers checks until the process is asked to stop. */
export async function runSidecar(options: SidecarCommandOptions, context: CliContext): Promise<void> {
  const logger = await context.createLog(options.logLevel);
  await withPolicyKeys(options, context, logger, (keys) => serve(options, context, logger, keys));
  context.exit(exitCodes.ok);
}

async function serve(
  options: SidecarCommandOptions,
  context: CliContext,
  logger: Logger,
  policyKeys: PolicyKeys | undefined,
): Promise<void> {
  const { operator, domain, listen, socket, socketMode, health, metrics, dataDir, name } = options;
  const { clock, random, version, stopping, hostname, pid } = context;
  const sidecar = await startSidecar({
    operators: [...new Set(operator)],
    access: readAccess(options),
    policyKeys,
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
    logger,
  });
  await aborted(stopping);
  await sidecar.stop();
}
