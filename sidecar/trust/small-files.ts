import { closeSync, openSync, readSync, statSync } from "node:fs";

/** How small files that others replace are looked at. Both throw Node's system errors. */
export interface SmallFiles {
  /** A text that differs when the file was replaced or written. */
  stamp(path: string): string;
  /** The content; throws an Error where it has more than `mostBytes`, without having read more. */
  read(path: string, mostBytes: number): string;
}

/** The file system of the machine. Without promises, because a look is due in the middle of a message. */
export const nodeSmallFiles: SmallFiles = {
  stamp(path) {
    // Follows links, which is how the kubelet replaces all files of a volume at once.
    const { mtimeNs, ctimeNs, size, ino } = statSync(path, { bigint: true });
    return `${mtimeNs} ${ctimeNs} ${size} ${ino}`;
  },
  read(path, mostBytes) {
    const file = openSync(path, "r");
    try {
      const bytes = Buffer.alloc(mostBytes + 1);
      let length = 0;
      for (let more = -1; more !== 0 && length < bytes.length; length += more)
        more = readSync(file, bytes, length, bytes.length - length, null);
      if (length > mostBytes) throw new Error(`it has more than ${mostBytes} bytes`);
      return bytes.toString("utf8", 0, length);
    } finally {
      closeSync(file);
    }
  },
};
