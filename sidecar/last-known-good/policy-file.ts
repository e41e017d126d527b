import { join } from "node:path";
import type { Logger } from "pino";
import { ORGANIZATION_SHARD } from "../../engine/model/shard-id.ts";
import { type Disk, replaceFile } from "./disk.ts";
import type { ShardFiles } from "./shard-files.ts";
import { encodePolicy, type StoredPolicy } from "./stored-policy.ts";

export interface PolicyFileOptions {
  readonly directory: string;
  readonly disk: Disk;
  readonly shards: ShardFiles;
  readonly logger: Logger;
  /** Whether a policy counts as kept without the shards of organizations. */
  readonly isPartial: boolean;
}

/**
 * The file that names the shards of one domain's policy, and with it these.
 *
 * Shards are written first, then the file is replaced, then what it no longer names is removed; so at every instant the
 * directory holds a whole policy, the old or the new. Shards that are not on disk stay in memory until they are.
 */
export class PolicyFile {
  readonly #options: PolicyFileOptions;
  readonly #path: string;
  readonly #lacking = new Map<string, Uint8Array>();
  #kept: StoredPolicy | undefined;

  constructor(options: PolicyFileOptions) {
    this.#options = options;
    this.#path = join(options.directory, "policy");
  }

  /** What the file says; undefined: nothing, or what nobody has vouched for. */
  get kept(): StoredPolicy | undefined {
    return this.#kept;
  }

  /** Notes what the file says after a start. */
  adopt(policy: StoredPolicy): void {
    this.#kept = policy;
  }

  /** Holds on to the shards of a policy that are not on disk, and to no others. */
  hold({ shards }: StoredPolicy, bytesOf: (hash: string) => Uint8Array | undefined): void {
    const hashes = new Set(shards.map(({ hash }) => hash));
    for (const hash of hashes) {
      if (this.#options.shards.has(hash) || this.#lacking.has(hash)) continue;
      const bytes = bytesOf(hash);
      if (bytes !== undefined) this.#lacking.set(hash, bytes);
    }
    for (const hash of this.#lacking.keys()) if (!hashes.has(hash)) this.#lacking.delete(hash);
  }

  /** Holds on to no shard any more. */
  letGo(): void {
    this.#lacking.clear();
  }

  /** Puts a policy on the medium with the shards that are held. Rejects with system errors, and where a shard is missing. */
  async write(policy: StoredPolicy): Promise<void> {
    const { directory, disk, shards } = this.#options;
    const held = new Map(this.#lacking);
    await shards.write(held);
    const missing = policy.shards.find(({ id, hash }) => !shards.has(hash) && !this.#mayLack(id));
    if (missing) throw new Error(`shard ${missing.id} is neither on disk nor in memory`);
    await replaceFile(disk, this.#path, encodePolicy(policy), true);
    this.#kept = policy;
    await disk.syncDirectory(directory);
    for (const hash of held.keys()) this.#lacking.delete(hash);
  }

  /** Removes the shards that a policy does not name. Rejects with system errors. */
  async sweep(policy: StoredPolicy): Promise<void> {
    await this.#options.shards.keepOnly(new Set(policy.shards.map((shard) => shard.hash)));
  }

  /** Takes the policy off the disk, which needs no room. @returns whether there is none any more */
  async disown(): Promise<boolean> {
    const { directory, disk, logger } = this.#options;
    try {
      await disk.remove(this.#path);
      this.#kept = undefined;
      await disk.syncDirectory(directory);
      return true;
    } catch (error) {
      // There is none where there is not even a directory.
      if (["ENOENT", "ENOTDIR"].includes((error as NodeJS.ErrnoException).code ?? "")) return true;
      logger.error({ err: error }, "Could not take an old policy off the disk");
      return false;
    }
  }

  #mayLack(id: string): boolean {
    return this.#options.isPartial && id.startsWith(ORGANIZATION_SHARD);
  }
}
