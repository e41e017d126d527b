import { readFileSync } from "node:fs";
import { mkdir, open, readdir, readFile, rename, rm } from "node:fs/promises";

/** What the last known good needs of a file system. Every method throws Node's system errors. */
export interface Disk {
  /** Makes a directory that only its owner can look into, with its parents. */
  makeDirectory(path: string): Promise<void>;
  /** Names in a directory. */
  list(path: string): Promise<string[]>;
  /** Read in one go and without a promise, because loading a policy asks for its shards one by one. */
  read(path: string): Buffer;
  /** The same without holding up anybody, for what is read while checks are answered. */
  readLater(path: string): Promise<Buffer>;
  /** Writes a file that only its owner can read; `sync` waits until it is on the medium. Replaces what was there. */
  write(path: string, bytes: Uint8Array, sync: boolean): Promise<void>;
  rename(from: string, to: string): Promise<void>;
  /** Removes a file; no error when it is not there. */
  remove(path: string): Promise<void>;
  /** Waits until renames in a directory are on the medium. */
  syncDirectory(path: string): Promise<void>;
}

/** The file system of the machine. */
export const nodeDisk: Disk = {
  async makeDirectory(path) {
    await mkdir(path, { recursive: true, mode: 0o700 });
  },
  list: (path) => readdir(path),
  read: (path) => readFileSync(path),
  readLater: (path) => readFile(path),
  async write(path, bytes, sync) {
    const file = await open(path, "w", 0o600);
    try {
      await file.writeFile(bytes);
      if (sync) await file.sync();
    } finally {
      await file.close();
    }
  },
  rename,
  remove: (path) => rm(path, { force: true }),
  async syncDirectory(path) {
    const directory = await open(path, "r");
    try {
      await directory.sync();
    } finally {
      await directory.close();
    }
  },
};

/**
 * Replaces a file whole: whoever reads it sees the old content or the new one, also after a crash of the process. With
 * `sync` also after a crash of the machine, once the directory is synced.
 */
export async function replaceFile(disk: Disk, path: string, bytes: Uint8Array, sync: boolean): Promise<void> {
  const unfinished = path + UNFINISHED;
  try {
    await disk.write(unfinished, bytes, sync);
    await disk.rename(unfinished, path);
  } catch (error) {
    // What was written so far may fill the disk; that it can not be removed says nothing new.
    await disk.remove(unfinished).catch(() => {});
    throw error;
  }
}

/** The end of the names of files that are being written. */
const UNFINISHED = ".unfinished";
