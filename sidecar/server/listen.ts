import { type AddressInfo, createServer, type Server, type Socket } from "node:net";
import { SidegateError } from "../../engine/errors/sidegate-error.ts";
import { openSocket, prepareSocket } from "./unix-socket.ts";

/** Where a server listens: a Unix socket, whose file gets `mode`, or a TCP port (0: any free one). */
export type Address =
  | { readonly path: string; readonly mode: number }
  | { readonly host: string; readonly port: number };

/** A place that is listened on. */
export interface Listener {
  /** The address, with the port that was really taken. */
  readonly address: Address;
  /** Stops accepting connections (and removes the socket's file); open ones are left alone. */
  close(): void;
}

/** Accepts connections at an address. Throws SG3102 when it is taken or may not be listened on. */
export async function listen(address: Address, accept: (socket: Socket) => void): Promise<Listener> {
  const server = createServer({ noDelay: true }, accept);
  const close = () => server.close();
  try {
    if ("path" in address) await prepareSocket(address.path);
    await bind(server, address);
    if ("path" in address) openSocket(address.path, address.mode);
  } catch (error) {
    close();
    throw error instanceof SidegateError ? error : refused(address, error as NodeJS.ErrnoException);
  }
  if ("path" in address) return { address, close };
  return { address: { host: address.host, port: (server.address() as AddressInfo).port }, close };
}

function bind(server: Server, address: Address): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once("error", reject);
    server.listen("path" in address ? { path: address.path } : { ...address, exclusive: true }, resolve);
  });
}

function refused(address: Address, error: NodeJS.ErrnoException): SidegateError {
  const problem =
    error.code === "EADDRINUSE"
      ? "another process listens on"
      : `the system refuses (${error.code}) to listen on`;
  return new SidegateError("SG3102", `${problem} ${formatAddress(address)}`, { cause: error });
}

/** An address as gRPC clients take it: "unix:/run/sidegate/sidegate.sock", "127.0.0.1:7430", "[::1]:7430". */
export function formatAddress(address: Address): string {
  if ("path" in address) return `unix:${address.path}`;
  return address.host.includes(":") ? `[${address.host}]:${address.port}` : `${address.host}:${address.port}`;
}
