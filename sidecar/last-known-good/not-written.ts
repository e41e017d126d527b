import { messageOf } from "../../engine/errors/message-of.ts";
import { SidegateError } from "../../engine/errors/sidegate-error.ts";

/** What the system says of a directory that will not become writable by waiting. */
const HOPELESS: readonly (string | undefined)[] = ["EROFS", "EACCES", "EPERM", "ENOTDIR", "ENOENT"];

/** SG2202, for a directory that could not be written. */
export function notWritten(directory: string, cause: unknown): SidegateError {
  return new SidegateError("SG2202", `directory ${directory}: ${messageOf(cause)}`, { cause });
}

/** Whether waiting will not make a write succeed that failed. */
export function isHopeless(cause: unknown): boolean {
  return HOPELESS.includes((cause as NodeJS.ErrnoException).code);
}
