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
    let bytes: Uint8Array;
    try {
      bytes = this.#disk.read(this.path(hash));
      verifyShard(hash, bytes);
    } catch (cause) {
      const problem =
        (cause as NodeJS.ErrnoException).code === "ENOENT" ? "is missing" : "can not be read whole";
      throw new SidegateError("SG2201", `shard ${hash} ${problem}`, { cause });
    }
    this.#present.add(hash);
    return bytes;
  }

  /**
   * Writes shards that are not there, and waits until they are on the medium. Throws Node's system errors; what was
   * written before stays and counts.
   */
  async write(shards: ReadonlyMap<string, Uint8Array>): Promise<void> {
    const left = [...shards];
    if (left.length === 0) return;
    const worker = async () => {
      for (let next = left.pop(); next !== undefined; next = left.pop()) {
        const [hash, bytes] = next;
        await replaceFile(this.#disk, this.path(hash), bytes, true);
        this.#present.add(hash);
      }
    };
    const results = await Promise.allSettled(Array.from({ length: Math.min(PARALLEL, left.length) }, worker));
    await this.#disk.syncDirectory(this.directory);
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
}
