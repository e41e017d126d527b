import { join } from "node:path";
import { type Child, type Command, forkScript, startCommand } from "./child-processes.ts";
import type { Delivering } from "./delivery-process.ts";
import { DOMAIN, type WorldSize } from "./world-plan.ts";

/** Compiles a generated domain in a process of its own that delivers it. */
export async function startDelivery(
  { organizations, bindings }: WorldSize,
  heapMiB = 4096,
): Promise<{ delivery: Child; delivering: Delivering }> {
  const options = { execArgv: [`--max-old-space-size=${heapMiB}`] };
  const args = [String(organizations), String(bindings)];
  const { child, first } = await forkScript<Delivering>("delivery-process.ts", args, options);
  return { delivery: child, delivering: first };
}

/** A `sidegate sidecar` process. */
export interface SidecarProcess {
  readonly command: Command;
  /** As gRPC clients take them. */
  readonly tcp: string;
  readonly unix: string;
}

export interface SidecarProcessOptions {
  readonly domain?: string;
  /** Default: nothing is kept on disk. */
  readonly dataDirectory?: string;
  /** As `--shard-memory` takes it. Default: all organizations are in memory. */
  readonly shardMemory?: string;
}

/**
 * Starts `sidegate sidecar`, and resolves when it has a policy.
 *
 * @param operator the address of an operator
 * @param directory for its socket
 */
export async function startSidecarProcess(
  operator: string,
  directory: string,
  { domain = DOMAIN, dataDirectory, shardMemory }: SidecarProcessOptions = {},
): Promise<SidecarProcess> {
  const socket = join(directory, "sidecar.sock");
  const command = startCommand(
    ...["sidecar", "--operator", operator, "--domain", domain, "--log-level", "info"],
    ...["--listen", "127.0.0.1:0", "--socket", socket],
    ...(dataDirectory === undefined ? [] : ["--data-dir", dataDirectory]),
    ...(shardMemory === undefined ? [] : ["--shard-memory", shardMemory]),
  );
  const listening = await command.logged("Listening for checks");
  const [tcp] = listening.addresses as [string];
  await command.logged("Ready: every domain has a policy");
  return { command, tcp, unix: `unix:${socket}` };
}
