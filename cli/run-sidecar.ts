import type { Logger } from "pino";
import { SidegateError } from "../engine/errors/sidegate-error.ts";
import { parseAddress, socketModes } from "../host/address.ts";
import type { OperatorAccess } from "../sidecar/delivery/operator-access.ts";
import { openPolicyKeyFile } from "../sidecar/delivery/policy-key-file.ts";
import type { PolicyKeys } from "../sidecar/follower.ts";
import { startSidecar } from "../sidecar/sidecar.ts";
import { aborted } from "./aborted.ts";
import { type CliContext, exitCodes } from "./cli-context.ts";
import type { SidecarCommandOptions } from "./command-options.ts";

/** Answers checks until the process is asked to stop. */
export async function runSidecar(options: SidecarCommandOptions, context: CliContext): Promise<void> {
  const { policyKeys: path, logLevel } = options;
  const logger = await context.createLog(logLevel);
  const keyFile = path === undefined ? undefined : openPolicyKeyFile({ path, clock: context.clock, logger });
  try {
    await serve(options, context, logger, keyFile);
  } finally {
    keyFile?.stop();
  }
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

function readAccess({ ca, serverName, tokenFile }: SidecarCommandOptions): OperatorAccess {
  if (ca === undefined && (tokenFile ?? serverName) !== undefined) {
    const text = "--token-file and --server-name need --ca: nothing secret is sent in plain text";
    throw new SidegateError("SG5001", text);
  }
  return { ca, serverName, tokenFile };
}
