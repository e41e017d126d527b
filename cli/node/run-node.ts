import { parseAddress, socketModes } from "../../host/address.ts";
import { startNodeSidecar } from "../../sidecar/node/node-sidecar.ts";
import { aborted } from "../aborted.ts";
import { type CliContext, exitCodes } from "../cli-context.ts";
import { type AccessOptions, readAccess, withPolicyKeys } from "../sidecar/operator-access.ts";

/** What `sidegate node` was given. */
export interface NodeCommandOptions extends AccessOptions {
  readonly operator: readonly string[];
  readonly socket: string;
  readonly socketMode: number;
  readonly health?: string;
  readonly metrics?: string;
  readonly dataDir?: string;
  readonly maxDomains: number;
  readonly idleSeconds: number;
  /** Bytes. */
  readonly shardMemory?: number;
  readonly name?: string;
  readonly logLevel: string;
}

/** Answers checks of a node's pods until the process is asked to stop. */
export async function runNode(options: NodeCommandOptions, context: CliContext): Promise<void> {
  const { operator, socket, socketMode, health, metrics, dataDir, name } = options;
  const { maxDomains, idleSeconds, shardMemory, logLevel } = options;
  const { clock, random, version, stopping, hostname, pid } = context;
  const logger = await context.createLog(logLevel);
  await withPolicyKeys(options, context, logger, async (policyKeys) => {
    const node = await startNodeSidecar({
      operators: [...new Set(operator)],
      access: readAccess(options),
      policyKeys,
      listen: [parseAddress(`unix:${socket}`, socketMode)],
      health: health === undefined ? undefined : parseAddress(health, socketModes.anyone),
      metrics: metrics === undefined ? undefined : parseAddress(metrics, socketModes.anyone),
      directory: dataDir,
      maxDomains,
      idleMs: idleSeconds * 1_000,
      shardMemory,
      name: name ?? `${hostname}-${pid}`,
      ...{ version, clock, random, logger },
    });
    await aborted(stopping);
    await node.stop();
  });
  context.exit(exitCodes.ok);
}
