import { join } from "node:path";
import type { Logger } from "pino";
import { SidegateError } from "../../engine/errors/sidegate-error.ts";
import type { Clock } from "../../host/clock.ts";
import { lockDirectory } from "./directory-lock.ts";
import { type Disk, nodeDisk } from "./disk.ts";
import { LastKnownGood } from "./last-known-good.ts";

export interface PolicyDirectoryOptions {
  /** Made where it is missing. Two sidecars must not share it. */
  readonly directory: string;
  readonly domains: readonly string[];
  readonly clock: Clock;
  readonly logger: Logger;
  /** Whether policies count as kept without the shards of organizations. Default: they do not. */
  readonly isPartial?: boolean;
  /** Default: the machine's file system. */
  readonly disk?: Disk;
}

/** The last known good policies of a sidecar, by domain. */
export interface PolicyDirectory {
  readonly stores: ReadonlyMap<string, LastKnownGood>;
  /** Finishes the writes under way and lets the directory go. */
  close(): Promise<void>;
}

/**
 * Takes the directory of the last known good policies. Rejects with SG2203 when another sidecar has it. A directory that
 * can not be written is logged and read only: decisions need no disk.
 */
export async function openPolicyDirectory(options: PolicyDirectoryOptions): Promise<PolicyDirectory> {
  const { directory, domains, clock, logger, isPartial = false, disk = nodeDisk } = options;
  const stores = new Map(
    domains.map((domain) => {
      const own = join(directory, folderOf(domain));
      return [domain, new LastKnownGood({ domain, directory: own, disk, clock, logger, isPartial })];
    }),
  );
  const unlock = await tryLock(options, disk);
  for (const store of stores.values()) await store.prepare();
  return {
    stores,
    async close() {
      for (const store of stores.values()) await store.close();
      await unlock();
    },
  };
}

/** Where the file system takes no lock, sharing the directory would go unnoticed, but nothing else is in the way. */
async function tryLock(
  { directory, logger }: PolicyDirectoryOptions,
  disk: Disk,
): Promise<() => Promise<void>> {
  try {
    await disk.makeDirectory(directory);
    return await lockDirectory(directory);
  } catch (error) {
    if (error instanceof SidegateError) throw error;
    logger.warn({ path: directory, err: error }, "Could not lock the directory of the last known good");
    return async () => {};
  }
}

/** A domain's name as that of a folder; names of namespaces stay as they are. */
function folderOf(domain: string): string {
  return encodeURIComponent(domain).replaceAll(".", "%2E").replaceAll("*", "%2A");
}
