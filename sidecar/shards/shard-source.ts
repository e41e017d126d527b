import type { Logger } from "pino";
import { messageOf } from "../../engine/errors/message-of.ts";
import { SidegateError } from "../../engine/errors/sidegate-error.ts";
import type { BatchedFetch } from "./batched-fetch.ts";

/** Shards on the disk of this machine, each verified as it is read. */
export interface ShardStore {
  /** Resolves with the bytes of a shard, or undefined where it is not there or damaged. Never rejects. */
  findShard(hash: string): Promise<Uint8Array | undefined>;
  /** Keeps verified shards. Rejects with SG2202. */
  keepShards(shards: ReadonlyMap<string, Uint8Array>): Promise<void>;
  /** Resolves with the hashes of shards that are there, as far as file names tell. Rejects with SG2202 and system errors. */
  keptShards(): Promise<ReadonlySet<string>>;
}

/** Where the bytes of shards come from. */
export interface ShardSource {
  /** Resolves with the bytes of a shard, verified. Rejects with SG3004. */
  read(domain: string, hash: string): Promise<Uint8Array>;
}

/** The operator does not have a shard any more: the policy that lists it was superseded some time ago. An SG3004. */
export class ShardGone extends SidegateError {
  constructor(hash: string) {
    super("SG3004", `the operator has the shard ${hash} no more`);
  }
}

/** From disk where it is there, else from the operator; what comes from there is kept on disk. */
export function createShardSource(
  stores: ReadonlyMap<string, ShardStore>,
  fetch: Pick<BatchedFetch, "get">,
  logger: Logger,
): ShardSource {
  return {
    async read(domain, hash) {
      const store = stores.get(domain);
      const stored = await store?.findShard(hash);
      if (stored !== undefined) return stored;
      const bytes = await fetched(fetch, domain, hash);
      if (bytes === undefined) throw new ShardGone(hash);
      store?.keepShards(new Map([[hash, bytes]])).catch((error: unknown) => {
        logger.debug({ domain, hash, err: error }, "Could not keep a shard on disk");
      });
      return bytes;
    },
  };
}

async function fetched(fetch: Pick<BatchedFetch, "get">, domain: string, hash: string) {
  try {
    return await fetch.get(domain, hash);
  } catch (error) {
    throw new SidegateError("SG3004", `the operator did not send a shard: ${messageOf(error)}`, {
      cause: error,
    });
  }
}
