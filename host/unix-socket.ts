import { chmodSync, lstatSync, mkdirSync, rmSync } from "node:fs";
import { connect } from "node:net";
import { dirname } from "node:path";
import { SidegateError } from "../engine/errors/sidegate-error.ts";

/**
 * Makes way for a Unix socket: creates its folder and removes the file that a killed process left behind. Throws SG3102 when
 * another process listens on it, or when there is something that is no socket, and Node's system errors.
 */
export async function prepareSocket(path: string): Promise<void> {
  mkdirSync(dirname(path), { recursive: true });
  const found = lstatSync(path, { throwIfNoEntry: false });
  if (found === undefined) return;
  if (!found.isSocket()) throw new SidegateError("SG3102", `${path} is there already and is no socket`);
  if (await isListenedOn(path)) throw new SidegateError("SG3102", `another process listens on ${path}`);
  rmSync(path, { force: true });
}

/** Sets who may connect. Until then the umask decides, which by default lets the owner only. */
export function openSocket(path: string, mode: number): void {
  chmodSync(path, mode);
}

/**
 * Whether a process listens on a socket's file. Rejects with Node's system error where nobody can tell, for example because
 * this user may not connect.
 */
export function isListenedOn(path: string): Promise<boolean> {
  return new Promise((resolve, reject) => {
    const socket = connect(path);
    socket.once("connect", () => {
      socket.destroy();
      resolve(true);
    });
    socket.once("error", (error: NodeJS.ErrnoException) => {
      if (error.code === "ECONNREFUSED" || error.code === "ENOENT") resolve(false);
      // The one who listens has more connections waiting than its queue takes.
      else if (error.code === "EAGAIN") resolve(true);
      else reject(error);
    });
  });
}
