import { type AddressInfo, createServer, type Server, type Socket } from "node:net";
import type { Logger } from "pino";
import { SidegateError } from "../engine/errors/sidegate-error.ts";
import { type Address, formatAddress } from "./address.ts";
import { openSocket, prepareSocket } from "./unix-socket.ts";

export interface ListenOptions {
  /** Takes a connection. */
  readonly accept: (socket: Socket) => void;
  readonly logger: Logger;
  /** Connections at once; further ones are closed. Default: as many as the system gives. */
  readonly maxConnections?: number;
}

/** A place that is listened on. */
export interface Listener {
  /** The address, with the port that was really taken. */
  readonly address: Address;
  /** Stops accepting connections (and removes the socket's file); open ones are left alone. */
  close(): void;
}

/**
 * Accepts connections at an address. A socket's file that nobody listens on is replaced. Throws SG3102 where the address is
 * taken or may not be listened on.
 */
export async function listen(address: Address, options: ListenOptions): Promise<Listener> {
  const { accept, logger, maxConnections } = options;
  const server = createServer({ noDelay: true }, accept);
  if (maxConnections !== undefined) server.maxConnections = maxConnections;
  const close = () => void server.close();
  try {
    if ("path" in address) await prepareSocket(address.path);
    await bind(server, address).catch((error: NodeJS.ErrnoException) => {
      // All interfaces of a machine without IPv6 are those of IPv4.
      if (error.code !== "EAFNOSUPPORT" || !("host" in address) || address.host !== "::") throw error;
      return bind(server, { ...address, host: "0.0.0.0" });
    });
    if ("path" in address) openSocket(address.path, address.mode);
  } catch (error) {
    close();
    throw error instanceof SidegateError ? error : refused(address, error as NodeJS.ErrnoException);
  }
  // A connection that the system can not give, for want of descriptors or memory, must not end the process.
  server.on("error", (error) => {
    logger.error({ address: formatAddress(address), err: error }, "Could not accept a connection");
  });
  if ("path" in address) return { address, close };
  return { address: { host: address.host, port: (server.address() as AddressInfo).port }, close };
}

function bind(server: Server, address: Address): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once("error", reject);
    server.listen("path" in address ? { path: address.path } : { ...address, exclusive: true }, () => {
      server.off("error", reject);
      resolve();
    });
  });
}

function refused(address: Address, error: NodeJS.ErrnoException): SidegateError {
  const problem =
    error.code === "EADDRINUSE"
      ? "another process listens on"
      : `the system refuses (${error.code}) to listen on`;
  return new SidegateError("SG3102", `${problem} ${formatAddress(address)}`, { cause: error });
}
