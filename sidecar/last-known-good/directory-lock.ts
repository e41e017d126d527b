import { createHash } from "node:crypto";
import { rm } from "node:fs/promises";
import { createServer, type Server } from "node:net";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { SidegateError } from "../../engine/errors/sidegate-error.ts";
import { isListenedOn } from "../../host/unix-socket.ts";

/** Longer paths of sockets are cut by the system (sun_path has 104 to 108 bytes). */
const PATH_BYTES = 100;

/**
 * Makes this process the only user of a directory until it ends or calls the function that is returned. The lock is a
 * Unix socket that the process listens on: unlike a file with a process id it is over when the process is, also where
 * each start of a container has the same process id. Throws SG2203 where another process answers, and Node's system
 * errors where no socket can be made or asked.
 */
export async function lockDirectory(directory: string): Promise<() => Promise<void>> {
  const path = socketPath(directory);
  try {
    return release(await listen(path));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "EADDRINUSE") throw error;
  }
  if (await isListenedOn(path)) throw new SidegateError("SG2203", `directory ${directory}`);
  await rm(path, { force: true });
  return release(await listen(path));
}

function socketPath(directory: string): string {
  const path = join(resolve(directory), "lock.sock");
  if (Buffer.byteLength(path) <= PATH_BYTES) return path;
  const digest = createHash("sha256").update(path).digest("hex").slice(0, 16);
  return join(tmpdir(), `sidegate-${digest}.sock`);
}

function listen(path: string): Promise<Server> {
  return new Promise((resolve, reject) => {
    const server = createServer((socket) => socket.destroy());
    server.once("error", reject);
    server.listen(path, () => {
      server.unref();
      resolve(server);
    });
  });
}

function release(server: Server): () => Promise<void> {
  return () => new Promise((resolve) => void server.close(() => resolve()));
}
