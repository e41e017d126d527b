import { chmod, lstat, mkdir, rm } from "node:fs/promises";
import { type AddressInfo, createConnection, createServer, type Server, type Socket } from "node:net";
import { dirname } from "node:path";
import { SidegateError } from "../../engine/errors/sidegate-error.ts";

/** A place where sidecars connect. */
export interface Listener {
  /** As gRPC clients take it, with the port that was really given. */
  readonly address: string;
  /** Takes no more connections; those that are open stay. */
  close(): void;
}

/** Who may connect to a socket: its owner. */
const SOCKET_MODE = 0o600;

/**
 * Listens at "HOST:PORT" ("127.0.0.1:7440", "[::]:7440", ":7440" for all interfaces, port 0 for any) or "unix:PATH".
 * Rejects with SG2106 where that is not possible. A socket file that nobody answers is replaced.
 *
 * @param maxConnections further ones are closed at once
 */
export async function listenAt(
  address: string,
  maxConnections: number,
  accept: (socket: Socket) => void,
): Promise<Listener> {
  const server = createServer({ noDelay: true }, accept);
  server.maxConnections = maxConnections;
  const close = () => void server.close();
  try {
    if (address.startsWith("unix:")) {
      const path = address.slice("unix:".length).replace(/^\/\//, "");
      await clearPath(path);
      await bind(server, { path });
      await chmod(path, SOCKET_MODE);
      return { address: `unix:${path}`, close };
    }
    const { host, port } = readHostPort(address);
    await bind(server, { host, port });
    return { address: `${address.slice(0, address.lastIndexOf(":"))}:${portOf(server)}`, close };
  } catch (cause) {
    if (cause instanceof SidegateError) throw cause;
    throw unusable(address, (cause as Error).message, cause);
  }
}

function readHostPort(address: string): { host: string; port: number } {
  const match = /^(?:\[([0-9a-fA-F:.]+)\]|([^:[\]]*)):([0-9]{1,5})$/.exec(address);
  const port = Number(match?.[3]);
  if (match === null || port > 65_535) throw unusable(address, "it is neither HOST:PORT nor unix:PATH");
  return { host: match[1] ?? (match[2] || "::"), port };
}

async function clearPath(path: string): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  const found = await lstat(path).catch(() => undefined);
  if (found === undefined) return;
  if (!found.isSocket()) throw unusable(`unix:${path}`, "there is a file that is no socket");
  if (await answers(path)) throw unusable(`unix:${path}`, "another process listens there");
  await rm(path, { force: true });
}

function answers(path: string): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = createConnection(path);
    const end = (answer: boolean) => {
      socket.destroy();
      resolve(answer);
    };
    socket.once("connect", () => end(true));
    socket.once("error", () => end(false));
  });
}

function bind(server: Server, where: { path: string } | { host: string; port: number }): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once("error", reject);
    server.listen(where, () => {
      server.off("error", reject);
      resolve();
    });
  });
}

function portOf(server: Server): number {
  return (server.address() as AddressInfo).port;
}

function unusable(address: string, problem: string, cause?: unknown): SidegateError {
  return new SidegateError("SG2106", `${address}: ${problem}`, { cause });
}
