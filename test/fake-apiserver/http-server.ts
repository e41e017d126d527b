import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo, Socket } from "node:net";
import { tooLarge } from "./api-error.ts";

const IDLE_MS = 120_000;
const BODY_LIMIT = 3 * 1024 * 1024;

/** A node:http server that can be paused, which cuts all connections, and goes on at the same port. */
export class HttpServer {
  readonly #onRequest: (request: IncomingMessage, response: ServerResponse) => void;
  readonly #sockets = new Set<Socket>();
  #server: Server | undefined;
  #port: number;

  /** @param port 0 for any that is free */
  constructor(port: number, onRequest: (request: IncomingMessage, response: ServerResponse) => void) {
    this.#port = port;
    this.#onRequest = onRequest;
  }

  get port(): number {
    return this.#port;
  }

  async listen(): Promise<void> {
    const server = createServer(this.#onRequest);
    // An idle connection is not taken from a client that is about to use it again.
    server.keepAliveTimeout = IDLE_MS;
    server.on("connection", (socket) => {
      this.#sockets.add(socket);
      socket.on("close", () => this.#sockets.delete(socket));
    });
    await new Promise<void>((resolve, reject) => {
      server.once("error", reject);
      server.listen(this.#port, "127.0.0.1", resolve);
    });
    this.#port = (server.address() as AddressInfo).port;
    this.#server = server;
  }

  /** Destroys all connections; the server takes new ones. */
  cut(): void {
    for (const socket of this.#sockets) socket.destroy();
  }

  /** Refuses new connections and destroys the present ones. */
  async close(): Promise<void> {
    const server = this.#server;
    if (server === undefined) return;
    this.#server = undefined;
    const closed = new Promise<void>((resolve) => server.close(() => resolve()));
    this.cut();
    await closed;
  }
}

/** Reads a body. Throws 413 above 3 MiB, the limit of the real server. */
export async function readBody(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > BODY_LIMIT) throw tooLarge(BODY_LIMIT);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}
