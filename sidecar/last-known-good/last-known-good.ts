/**
 * The last known good policy of one domain, in a directory of its own:
 *
 *   policy                what it consists of (stored-policy.ts)
 *   contact               when the operator last confirmed it
 *   shards/HASH           its shards
 *   NAME.damaged-N        files that were not what they should be, the last three
 *
 * Shards are written first, then `policy` is replaced, then what it no longer names is removed; so at every instant the
 * directory holds a whole policy, the old or the new. Nothing read is trusted before its checksum has been verified, and,
 * where policies are signed, before its signature has been (restore-policy.ts).
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
import { messageOf } from "../../engine/errors/message-of.ts";
import { SidegateError } from "../../engine/errors/sidegate-error.ts";
import { ORGANIZATION_SHARD } from "../../engine/model/shard-id.ts";
import type { Clock } from "../../host/clock.ts";
import type { ShardStore } from "../shards/shard-source.ts";
import { isDistrust } from "../trust/verifier.ts";
import { ContactFile } from "./contact-file.ts";
import { type Disk, replaceFile } from "./disk.ts";
import { setAside } from "./set-aside.ts";
import { ShardFiles } from "./shard-files.ts";
import {
  decodeContact,
  decodePolicy,
  encodePolicy,
  type StoredContact,
  type StoredPolicy,
} from "./stored-policy.ts";

const RETRY_MS = 30_000;
/** What the system says of a directory that will not become writable by waiting. */
const BARRED: readonly (string | undefined)[] = ["EROFS", "EACCES", "EPERM", "ENOTDIR", "ENOENT"];

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
  readonly #isPartial: boolean;
  readonly #shards: ShardFiles;
  readonly #contact: ContactFile;
  readonly #lacking = new Map<string, Uint8Array>();
  #wanted: StoredPolicy | undefined;
  /** What the policy file says; undefined: nothing, or what nobody has vouched for. */
  #kept: StoredPolicy | undefined;
  #saving: Promise<void> = Promise.resolve();
  #barred: SidegateError | undefined;
  #cancelRetry: (() => void) | undefined;

  constructor(options: LastKnownGoodOptions) {
    this.domain = options.domain;
    this.#directory = options.directory;
    this.#disk = options.disk;
    this.#clock = options.clock;
    this.#logger = options.logger.child({ domain: options.domain });
    this.#isPartial = options.isPartial ?? false;
    this.#shards = new ShardFiles(join(options.directory, "shards"), options.disk);
    this.#contact = new ContactFile(this.#path("contact"), options.disk, options.clock, this.#logger);
  }

  /** Makes the directories. A failure is logged and bars writing; reading may still work. */
  async prepare(): Promise<void> {
    try {
      await this.#disk.makeDirectory(this.#shards.directory);
      // A file system that turned read only has directories, but not what the last process had at its end.
      const probe = this.#path("writable");
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
    this.#lacking.clear();
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
    return this.#readFile("policy", (bytes) => decodePolicy(this.domain, bytes));
  }

  /** The last contact, on the same terms. */
  async readContact(): Promise<StoredContact | undefined> {
    return this.#readFile("contact", decodeContact);
  }

  /** Reads and verifies a shard. Throws SG2201. Only for the policy that `readPolicy` answered. */
  readShard(hash: string): Uint8Array {
    return this.#shards.read(hash);
  }

  async findShard(hash: string): Promise<Uint8Array | undefined> {
    try {
      return await this.#shards.readLater(hash);
    } catch (error) {
      await this.reject({ shard: hash }, error);
      return undefined;
    }
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

  /** Takes a file out of use: a shard by its hash, or one of the others. Logs what was wrong with it. Never throws. */
  async reject(name: "policy" | "contact" | { readonly shard: string }, reason: unknown): Promise<void> {
    const path = typeof name === "string" ? this.#path(name) : this.#shards.path(name.shard);
    const facts = { path, code: isDistrust(reason) ? reason.code : "SG2201", reason: messageOf(reason) };
    try {
      const now = await setAside(this.#disk, this.#directory, path);
      this.#logger.error({ ...facts, setAsideAs: now }, "Set a damaged file of the last known good aside");
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === "ENOENT") {
        this.#logger.error(facts, "A file of the last known good is missing");
      } else {
        this.#logger.error(
          { ...facts, err: error },
          "Could not set a damaged file of the last known good aside",
        );
      }
    }
  }

  /** Notes what is on disk after a start, so that only what changes is written. */
  adopt(policy: StoredPolicy): void {
    this.#wanted = policy;
    this.#kept = policy;
  }

  /**
   * Keeps a policy; resolves when it is on the medium. Rejects with SG2202, and goes on trying where that may help.
   *
   * @param bytesOf the bytes of a shard that the last policy kept did not have
   */
  save(policy: StoredPolicy, bytesOf: (hash: string) => Uint8Array | undefined): Promise<void> {
    if (this.#barred) return Promise.reject(this.#barred);
    this.#wanted = policy;
    for (const { hash } of policy.shards) {
      if (this.#shards.has(hash) || this.#lacking.has(hash)) continue;
      const bytes = bytesOf(hash);
      if (bytes !== undefined) this.#lacking.set(hash, bytes);
    }
    const hashes = new Set(policy.shards.map((shard) => shard.hash));
    for (const hash of this.#lacking.keys()) if (!hashes.has(hash)) this.#lacking.delete(hash);
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
      if (this.#kept === undefined || isBarred) return await this.#disown();
      await this.#contact.end({ ...contactIn(this.#kept), contactAt: 0 });
      await this.#disk.syncDirectory(this.#directory);
      return true;
    } catch {
      return this.#disown();
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
      await this.#writePolicy(policy);
    } catch (error) {
      if (this.#kept?.revision !== policy.revision) await this.#disown();
      throw this.#failed(error);
    }
  }

  /** Takes the policy off the disk, which needs no room. @returns whether there is none any more */
  async #disown(): Promise<boolean> {
    try {
      await this.#disk.remove(this.#path("policy"));
      this.#kept = undefined;
      await this.#disk.syncDirectory(this.#directory);
      return true;
    } catch (error) {
      // There is none where there is not even a directory.
      if (["ENOENT", "ENOTDIR"].includes((error as NodeJS.ErrnoException).code ?? "")) return true;
      this.#logger.error({ err: error }, "Could not take an old policy off the disk");
      return false;
    }
  }

  async #writePolicy(policy: StoredPolicy): Promise<void> {
    const shards = new Map(this.#lacking);
    await this.#shards.write(shards);
    const missing = policy.shards.find(({ id, hash }) => !this.#shards.has(hash) && !this.#mayLack(id));
    if (missing) throw new Error(`shard ${missing.id} is neither on disk nor in memory`);
    await replaceFile(this.#disk, this.#path("policy"), encodePolicy(policy), true);
    this.#kept = policy;
    await this.#disk.syncDirectory(this.#directory);
    for (const hash of shards.keys()) this.#lacking.delete(hash);
    this.#contact.put(contactIn(policy));
    if (policy === this.#wanted) {
      await this.#shards.keepOnly(new Set(policy.shards.map((shard) => shard.hash)));
    }
  }

  #mayLack(id: string): boolean {
    return this.#isPartial && id.startsWith(ORGANIZATION_SHARD);
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

  async #readFile<T>(name: "policy" | "contact", decode: (bytes: Buffer) => T): Promise<T | undefined> {
    try {
      return decode(this.#disk.read(this.#path(name)));
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "ENOENT") await this.reject(name, error);
      return undefined;
    }
  }

  #path(name: string): string {
    return join(this.#directory, name);
  }
}

/** What a policy file says about the last contact; where the contact file says nothing newer. */
export function contactIn(policy: StoredPolicy): StoredContact {
  const { revision, epoch, position, issuedAt, contactAt, signature, keyId } = policy;
  return { revision, epoch, position, issuedAt, contactAt, signature, keyId };
}

function notWritten(directory: string, cause: unknown): SidegateError {
  return new SidegateError("SG2202", `directory ${directory}: ${messageOf(cause)}`, { cause });
}

function isHopeless(cause: unknown): boolean {
  return BARRED.includes((cause as NodeJS.ErrnoException).code);
}
