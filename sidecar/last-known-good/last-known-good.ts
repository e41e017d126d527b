/**
 * The last known good policy of one domain, in a directory of its own:
 *
 *   policy                what it consists of (stored-policy.ts)
 *   contact               when the operator last confirmed it
 *   shards/HASH           its shards
 *   NAME.damaged-N        files that were not what they should be, the last three
 *
 * At every instant the directory holds a whole policy, the old or the new (policy-file.ts). Nothing read is trusted before its
 * checksum has been verified, and, where policies are signed, before its signature has been (restore-policy.ts).
 *
 * States: kept (disk and wish are the same); saving; lacking (a write failed: the shards that are not on disk stay in
 * memory, and it is tried again every 30 s and with the next policy); barred (the directory can not be written at all,
 * so nothing is kept back and nothing tried until the process starts again); given up (by `giveUp`: nothing is written any
 * more, and no process decides by what is there before the operator has confirmed it).
 *
 * INVARIANT: what a later process may restore as fresh is what this process has, or was lost with it. So a policy that can
 * not be kept takes the one that was kept before off the disk: the operator is told that it is decided by no more.
 */
import { join } from "node:path";
import type { Logger } from "pino";
import type { SidegateError } from "../../engine/errors/sidegate-error.ts";
import type { Clock } from "../../host/clock.ts";
import type { ShardStore } from "../shards/shard-source.ts";
import { ContactFile } from "./contact-file.ts";
import type { Disk } from "./disk.ts";
import { type KeptFile, KeptFiles } from "./kept-files.ts";
import { isHopeless, notWritten } from "./not-written.ts";
import { PolicyFile } from "./policy-file.ts";
import { ShardFiles } from "./shard-files.ts";
import { contactIn, type StoredContact, type StoredPolicy } from "./stored-policy.ts";

const RETRY_MS = 30_000;

export interface LastKnownGoodOptions {
  readonly domain: string;
  readonly directory: string;
  readonly disk: Disk;
  readonly clock: Clock;
  readonly logger: Logger;
  /** Whether a policy counts as kept without the shards of organizations, which then come as they are fetched. */
  readonly isPartial?: boolean;
}

export class LastKnownGood implements ShardStore {
  readonly domain: string;
  readonly #directory: string;
  readonly #disk: Disk;
  readonly #clock: Clock;
  readonly #logger: Logger;
  readonly #shards: ShardFiles;
  readonly #policy: PolicyFile;
  readonly #contact: ContactFile;
  readonly #files: KeptFiles;
  #wanted: StoredPolicy | undefined;
  #saving: Promise<void> = Promise.resolve();
  #barred: SidegateError | undefined;
  #cancelRetry: (() => void) | undefined;

  constructor({ domain, directory, disk, clock, logger, isPartial = false }: LastKnownGoodOptions) {
    this.domain = domain;
    this.#directory = directory;
    this.#disk = disk;
    this.#clock = clock;
    this.#logger = logger.child({ domain });
    this.#shards = new ShardFiles(join(directory, "shards"), disk);
    const place = { domain, directory, disk, shards: this.#shards, logger: this.#logger };
    this.#policy = new PolicyFile({ ...place, isPartial });
    this.#contact = new ContactFile(join(directory, "contact"), disk, clock, this.#logger);
    this.#files = new KeptFiles(place);
  }

  /** Makes the directories. A failure is logged and bars writing; reading may still work. */
  async prepare(): Promise<void> {
    try {
      await this.#disk.makeDirectory(this.#shards.directory);
      // A file system that turned read only has directories, but not what the last process had at its end.
      const probe = join(this.#directory, "writable");
      await this.#disk.write(probe, new Uint8Array(), false);
      await this.#disk.remove(probe);
    } catch (error) {
      if (!isHopeless(error)) return;
      this.bar(error);
      this.#logger.warn({ err: this.#barred }, "Runs without keeping its policy on disk");
    }
  }

  /** Ends all writing, because the directory is not this process' own or can not be written. */
  bar(cause: unknown): void {
    this.#barred = notWritten(this.#directory, cause);
    this.#policy.letGo();
  }

  /**
   * Whether what is on disk is what the last process had at its end. Where nothing can be written that one may have gone on
   * without, so that nothing is known of how current it is.
   */
  get isCurrent(): boolean {
    return this.#barred === undefined;
  }

  /** What the policy file says; undefined where there is none or it is damaged, which is set aside and logged. */
  async readPolicy(): Promise<StoredPolicy | undefined> {
    return this.#files.readPolicy();
  }

  /** The last contact, on the same terms. */
  async readContact(): Promise<StoredContact | undefined> {
    return this.#files.readContact();
  }

  /** Reads and verifies a shard. Throws SG2201. Only for the policy that `readPolicy` answered. */
  readShard(hash: string): Uint8Array {
    return this.#shards.read(hash);
  }

  async findShard(hash: string): Promise<Uint8Array | undefined> {
    return this.#files.findShard(hash);
  }

  async keepShards(shards: ReadonlyMap<string, Uint8Array>): Promise<void> {
    if (this.#barred) throw this.#barred;
    try {
      await this.#shards.write(shards, false);
    } catch (cause) {
      if (isHopeless(cause)) this.bar(cause);
      throw notWritten(this.#directory, cause);
    }
  }

  async keptShards(): Promise<ReadonlySet<string>> {
    if (this.#barred) throw this.#barred;
    return new Set(await this.#shards.list());
  }

  /** Takes a file out of use. Logs what was wrong with it. Never throws. */
  async reject(name: KeptFile, reason: unknown): Promise<void> {
    await this.#files.reject(name, reason);
  }

  /** Notes what is on disk after a start, so that only what changes is written. */
  adopt(policy: StoredPolicy): void {
    this.#wanted = policy;
    this.#policy.adopt(policy);
  }

  /**
   * Keeps a policy; resolves when it is on the medium. Rejects with SG2202, and goes on trying where that may help.
   *
   * @param bytesOf the bytes of a shard that the last policy kept did not have
   */
  save(policy: StoredPolicy, bytesOf: (hash: string) => Uint8Array | undefined): Promise<void> {
    if (this.#barred) return Promise.reject(this.#barred);
    this.#wanted = policy;
    this.#policy.hold(policy, bytesOf);
    return this.#enqueue();
  }

  /** Notes a contact, at most once a second. Never throws. */
  touch(contact: StoredContact): void {
    if (this.#barred === undefined) this.#contact.put(contact);
  }

  /**
   * Gives up what was kept, before the operator is told that nobody needs to wait for this sidecar: a process that finds it
   * decides nothing by it until the operator has confirmed it. Nothing is kept any more.
   *
   * @returns whether that is on the medium
   */
  async giveUp(): Promise<boolean> {
    const isBarred = this.#barred !== undefined;
    this.#cancelRetry?.();
    this.#barred ??= notWritten(this.#directory, "the sidecar stops");
    await this.#saving;
    this.#cancelRetry?.();
    try {
      const { kept } = this.#policy;
      if (kept === undefined || isBarred) return await this.#policy.disown();
      await this.#contact.end({ ...contactIn(kept), contactAt: 0 });
      await this.#disk.syncDirectory(this.#directory);
      return true;
    } catch {
      return this.#policy.disown();
    }
  }

  /** Ends the tries and waits for the writes under way. */
  async close(): Promise<void> {
    this.#cancelRetry?.();
    this.#barred ??= notWritten(this.#directory, "the sidecar stops");
    await this.#saving;
    this.#cancelRetry?.();
    await this.#contact.flush();
  }

  #enqueue(): Promise<void> {
    const attempt = this.#saving.then(() => this.#write());
    this.#saving = attempt.catch(() => {});
    return attempt;
  }

  async #write(): Promise<void> {
    this.#cancelRetry?.();
    const policy = this.#wanted;
    if (policy === undefined) return;
    try {
      await this.#policy.write(policy);
      this.#contact.put(contactIn(policy));
      if (policy === this.#wanted) await this.#policy.sweep(policy);
    } catch (error) {
      if (this.#policy.kept?.revision !== policy.revision) await this.#policy.disown();
      throw this.#failed(error);
    }
  }

  #failed(cause: unknown): SidegateError {
    const error = notWritten(this.#directory, cause);
    if (isHopeless(cause)) this.bar(cause);
    else if (this.#barred === undefined) {
      this.#cancelRetry = this.#clock.after(RETRY_MS, () => void this.#retry());
    }
    return error;
  }

  async #retry(): Promise<void> {
    try {
      await this.#enqueue();
      this.#logger.info("Keeps its policy on disk again");
    } catch (error) {
      this.#logger.warn({ err: error }, "Could still not keep the policy on disk");
    }
  }
}
