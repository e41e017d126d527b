import { basename, join } from "node:path";
import type { Disk } from "./disk.ts";

const DAMAGED = /\.damaged-([0-9]{1,9})$/;
/** Damaged files that are kept in a directory for a person to look at. */
const KEPT = 3;

/**
 * Renames a damaged file to `NAME.damaged-N` in `directory`, where nothing reads it again, and removes the oldest ones
 * beyond three. Returns its new path. Throws Node's system errors; the file then stays where it was.
 */
export async function setAside(disk: Disk, directory: string, path: string): Promise<string> {
  const earlier = numbered(await disk.list(directory));
  const target = join(directory, `${basename(path)}.damaged-${(earlier.at(-1)?.number ?? 0) + 1}`);
  await disk.rename(path, target);
  for (const { name } of earlier.slice(0, Math.max(0, earlier.length + 1 - KEPT))) {
    await disk.remove(join(directory, name));
  }
  return target;
}

function numbered(names: readonly string[]): { name: string; number: number }[] {
  return names
    .flatMap((name) => {
      const match = DAMAGED.exec(name);
      return match === null ? [] : [{ name, number: Number(match[1]) }];
    })
    .sort((a, b) => a.number - b.number);
}
