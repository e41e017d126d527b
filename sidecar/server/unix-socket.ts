import { chmodSync, lstatSync, mkdirSync, unlinkSync } from "node:fs";
import { connect } from "node:net";
import { dirname } from "node:path";
import { SidegateError } from "../../engine/errors/sidegate-error.ts";

/**
 * Makes way for a Unix socket: creates its folder and removes the file that a killed process left behind.
 * Throws SG3102 when another process listens on it, or when there is something that is no socket.
 */
export async function prepareSocket(path: string): Promise<void> {
  mkdirSync(dirname(path), { recursive: true });
  const found = lstatSync(path, { throwIfNoEntry: false });
  if (found === undefined) return;
  if (!found.isSocket()) throw new SidegateError("SG3102", `${path} is there already and is no socket`);
  if (await isListenedOn(path)) throw new SidegateError("SG3102", `another process listens on ${path}`);
  unlinkSync(path);
}

/** Sets who may connect. Until then the umask decides, which by default lets the owner only. */
export function openSocket(path: string, mode: number): void {
  chmodSync(path, mode);
}

function isListenedOn(path: string): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(path);
    socket.once("connect", () => {
      socket.destroy();
      resolve(true);
    });
    socket.once("error", () => resolve(false));
  });
}
