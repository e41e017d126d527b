import { join } from "node:path";
import type { Logger } from "pino";
import { messageOf } from "../../engine/errors/message-of.ts";
import { isDistrust } from "../trust/verifier.ts";
import type { Disk } from "./disk.ts";
import { setAside } from "./set-aside.ts";
import type { ShardFiles } from "./shard-files.ts";
import { decodeContact, decodePolicy, type StoredContact, type StoredPolicy } from "./stored-policy.ts";

export interface KeptFilesOptions {
  readonly domain: string;
  readonly directory: string;
  readonly disk: Disk;
  readonly shards: ShardFiles;
  readonly logger: Logger;
}

/** A file of the last known good: a shard by its hash, or one of the others. */
export type KeptFile = "policy" | "contact" | { readonly shard: string };

/** Reads what was kept of one domain. What is not what it should be is set aside and logged. */
export class KeptFiles {
  readonly #options: KeptFilesOptions;

  constructor(options: KeptFilesOptions) {
    this.#options = options;
  }

  /** What the policy file says; undefined where there is none or it is damaged. */
  async readPolicy(): Promise<StoredPolicy | undefined> {
    return this.#read("policy", (bytes) => decodePolicy(this.#options.domain, bytes));
  }

  /** The last contact, on the same terms. */
  async readContact(): Promise<StoredContact | undefined> {
    return this.#read("contact", decodeContact);
  }

  /** A shard, on the same terms, without holding up anybody. */
  async findShard(hash: string): Promise<Uint8Array | undefined> {
    try {
      return await this.#options.shards.readLater(hash);
    } catch (error) {
      await this.reject({ shard: hash }, error);
      return undefined;
    }
  }

  /** Takes a file out of use. Logs what was wrong with it. Never throws. */
  async reject(name: KeptFile, reason: unknown): Promise<void> {
    const { directory, disk, shards, logger } = this.#options;
    const path = typeof name === "string" ? join(directory, name) : shards.path(name.shard);
    const facts = { path, code: isDistrust(reason) ? reason.code : "SG2201", reason: messageOf(reason) };
    try {
      const now = await setAside(disk, directory, path);
      logger.error({ ...facts, setAsideAs: now }, "Set a damaged file of the last known good aside");
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === "ENOENT")
        logger.error(facts, "A file of the last known good is missing");
      else
        logger.error({ ...facts, err: error }, "Could not set a damaged file of the last known good aside");
    }
  }

  async #read<T>(name: "policy" | "contact", decode: (bytes: Buffer) => T): Promise<T | undefined> {
    const { directory, disk } = this.#options;
    try {
      return decode(disk.read(join(directory, name)));
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "ENOENT") await this.reject(name, error);
      return undefined;
    }
  }
}
