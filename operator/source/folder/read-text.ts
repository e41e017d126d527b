import { closeSync, constants, fstatSync, openSync, readSync } from "node:fs";
import { type FolderProblem, fileProblem } from "./folder-problem.ts";
import { describeFileError } from "./list-files.ts";
import { manifestLimits } from "./manifest-limits.ts";

/**
 * Characters that YAML does not allow, and line separators that YAML 1.1, which kubectl reads, takes for line breaks while
 * others take them for text.
 */
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
const REFUSED = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f\u0085\u2028\u2029]/;

/** The text of a file, or what is wrong with it. A byte order mark is left out, line breaks are line feeds. */
export function readText(path: string, absolutePath: string): string | FolderProblem {
  let bytes: Buffer;
  try {
    bytes = readBytes(absolutePath);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === undefined) throw error;
    if (code === "EFBIG")
      return fileProblem("SG1103", path, `The file is larger than ${manifestLimits.fileBytes} bytes`);
    return fileProblem("SG1102", path, describeFileError(code));
  }
  return decodeText(path, bytes);
}

/** Decodes a file strictly: nothing is replaced, so that no two names become one. */
export function decodeText(path: string, bytes: Uint8Array): string | FolderProblem {
  let text: string;
  try {
    text = new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    const offset = firstInvalidByte(bytes);
    const message = `Byte ${offset} is not UTF-8`;
    return fileProblem("SG1104", path, message, lineOfByte(bytes, offset));
  }
  const refused = REFUSED.exec(text);
  // Windows' line breaks mean the same; without them the fast way of reading is open.
  if (refused === null) return text.replaceAll("\r\n", "\n");
  const code = (refused[0].codePointAt(0) as number).toString(16).toUpperCase().padStart(4, "0");
  const line = text.slice(0, refused.index).split("\n").length;
  return fileProblem("SG1104", path, `The character U+${code} is not allowed`, line);
}

/**
 * Reads no more than the limit, whatever size the system tells: files of /proc have none, and others grow while they are
 * read. Without waiting, since a pipe in the place of the file that was listed would never let go.
 *
 * @throws a system error with the code EFBIG where the file is over the limit
 */
function readBytes(absolutePath: string): Buffer {
  const file = openSync(absolutePath, constants.O_RDONLY | constants.O_NONBLOCK);
  try {
    const stats = fstatSync(file);
    if (!stats.isFile()) throw failure("EINVAL");
    if (stats.size > manifestLimits.fileBytes) throw failure("EFBIG");
    const pieces: Buffer[] = [];
    for (let total = 0; ; ) {
      const piece = Buffer.allocUnsafe(Math.max(stats.size + 1 - total, SMALLEST_PIECE));
      const count = readSync(file, piece);
      if (count === 0) return Buffer.concat(pieces, total);
      total += count;
      if (total > manifestLimits.fileBytes) throw failure("EFBIG");
      pieces.push(piece.subarray(0, count));
    }
  } finally {
    closeSync(file);
  }
}

const SMALLEST_PIECE = 4096;

function failure(code: string): NodeJS.ErrnoException {
  return Object.assign(new Error(), { code });
}

/** The offset of the first byte that does not go on with valid UTF-8: the longest valid prefix ends there. */
function firstInvalidByte(bytes: Uint8Array): number {
  const decodes = (length: number) => {
    try {
      new TextDecoder("utf-8", { fatal: true }).decode(bytes.subarray(0, length), { stream: true });
      return true;
    } catch {
      return false;
    }
  };
  let valid = 0;
  let invalid = bytes.length;
  while (invalid - valid > 1) {
    const middle = (valid + invalid) >> 1;
    if (decodes(middle)) valid = middle;
    else invalid = middle;
  }
  return valid;
}

function lineOfByte(bytes: Uint8Array, offset: number): number {
  let line = 1;
  for (let at = bytes.indexOf(0x0a); at !== -1 && at < offset; at = bytes.indexOf(0x0a, at + 1)) line++;
  return line;
}
