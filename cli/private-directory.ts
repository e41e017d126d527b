import { lstatSync, mkdirSync } from "node:fs";
import { join } from "node:path";
import { SidegateError } from "../engine/errors/sidegate-error.ts";

/**
 * A directory for sockets that nobody but this user may look into; made where it is missing.
 *
 * @param parent the user's own runtime directory, or the one for temporary files, in which others may have been first
 * @throws SidegateError SG5007 when it belongs to somebody else or is open to others
 */
export function makePrivateDirectory(parent: string, uid: number): string {
  const directory = join(parent, `sidegate-${uid}`);
  mkdirSync(directory, { recursive: true, mode: 0o700 });
  const found = lstatSync(directory);
  if (!found.isDirectory() || found.uid !== uid || (found.mode & 0o077) !== 0) {
    throw new SidegateError("SG5007", `${directory} is not yours alone`);
  }
  return directory;
}
