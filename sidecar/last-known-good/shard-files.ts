import { join } from "node:path";
import { SidegateError } from "../../engine/errors/sidegate-error.ts";
import { verifyShard } from "../../engine/policy/policy.ts";
import { type Disk, replaceFile } from "./disk.ts";

/** Files that are written at once; more would only wait for the same medium. */
const PARALLEL = 8;

/**
 * The shards of one domain, each in a file named by its hash. A file is written once and never changed. What an earlier
 * process left counts as there only after it was read and verified.
 */
export class ShardFiles {
  readonly directory: string;
  readonly #disk: Disk;
  readonly #present = new Set<string>();
  #swept = false;

  constructor(directory: string, disk: Disk) {
    this.directory = directory;
    this.#disk = disk;
  }

  /** Whether a shard is there, whole. */
  has(hash: string): boolean {
    return this.#present.has(hash);
  }

  path(hash: string): string {
    return join(this.directory, hash);
  }

  /** Reads a shard. Throws SG2201 where it is missing or damaged. */
  read(hash: string): Uint8Array {
    try {
      return this.#verified(hash, this.#disk.read(this.path(hash)));
    } catch (cause) {
      throw unreadable(hash, cause);
    }
  }

  /** The same without holding up anybody. Resolves with undefined where it is missing. */
  async readLater(hash: string): Promise<Uint8Array | undefined> {
    try {
      return this.#verified(hash, await this.#disk.readLater(this.path(hash)));
    } catch (cause) {
      this.#present.delete(hash);
      if (isMissing(cause)) return undefined;
      throw unreadable(hash, cause);
    }
  }

  /** The names of all shards that are there, whole or not. Rejects with system errors. */
  list(): Promise<string[]> {
    return this.#disk.list(this.directory);
  }

  /**
   * Writes shards that are not there, and waits until they are on the medium. Throws Node's system errors; what was
   * written before stays and counts.
   *
   * @param sync false for what may be lost: a crash of the machine may leave a file cut, which is found when it is read
   */
  async write(shards: ReadonlyMap<string, Uint8Array>, sync = true): Promise<void> {
    const left = [...shards];
    if (left.length === 0) return;
    const worker = async () => {
      for (let next = left.pop(); next !== undefined; next = left.pop()) {
        const [hash, bytes] = next;
        await replaceFile(this.#disk, this.path(hash), bytes, sync);
        this.#present.add(hash);
      }
    };
    const results = await Promise.allSettled(Array.from({ length: Math.min(PARALLEL, left.length) }, worker));
    if (sync) await this.#disk.syncDirectory(this.directory);
    for (const result of results) if (result.status === "rejected") throw result.reason;
  }

  /** Removes all shards but these. The first time also whatever else earlier processes left. Throws system errors. */
  async keepOnly(hashes: ReadonlySet<string>): Promise<void> {
    const known = this.#swept ? [...this.#present] : await this.#disk.list(this.directory);
    for (const name of known) {
      if (hashes.has(name)) continue;
      this.#present.delete(name);
      await this.#disk.remove(join(this.directory, name));
    }
    this.#swept = true;
  }

  #verified(hash: string, bytes: Uint8Array): Uint8Array {
    verifyShard(hash, bytes);
    this.#present.add(hash);
    return bytes;
  }
}

function isMissing(error: unknown): boolean {
  return (error as NodeJS.ErrnoException).code === "ENOENT";
}

function unreadable(hash: string, cause: unknown): SidegateError {
  const problem = isMissing(cause) ? "is missing" : "can not be read whole";
  return new SidegateError("SG2201", `shard ${hash} ${problem}`, { cause });
}
