import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { Socket } from "node:net";
import type { Logger } from "pino";
import type { Address } from "../../host/address.ts";
import type { Clock } from "../../host/clock.ts";
import { type Listener, listen } from "../../host/listen.ts";
import { ServingStatus } from "../../proto/generated/health.js";
import { GrpcServer } from "./grpc-server.ts";
import type { HealthBoard } from "./health-board.ts";
import { mountHealth } from "./mount-health.ts";

/** The first bytes of each HTTP/2 connection (RFC 9113, section 3.4) begin so; no HTTP/1 method does. */
const HTTP2_PREFACE = "PRI ";

/** A client that says nothing for so long, in milliseconds, is no probe. */
const SILENCE_MS = 10_000;

export interface HealthServerOptions {
  readonly board: HealthBoard;
  readonly clock: Clock;
  readonly logger: Logger;
}

/**
 * The port for probes: grpc.health.v1 and, over HTTP/1, `GET /healthz` (200 while the process lives) and `GET /readyz`
 * (200 or 503). It is apart from the decisions, because probes come from outside the pod's network namespace.
 */
export class HealthServer {
  readonly #board: HealthBoard;
  readonly #logger: Logger;
  readonly #grpc: GrpcServer;
  readonly #http: Server;
  /** Connections of which nobody knows yet what they speak. */
  readonly #silent = new Set<Socket>();
  #listener: Listener | undefined;

  constructor({ board, clock, logger }: HealthServerOptions) {
    this.#board = board;
    this.#logger = logger;
    this.#grpc = new GrpcServer(clock);
    this.#http = createServer((request, response) => this.#probe(request, response));
    mountHealth(this.#grpc.server, board);
  }

  /** Returns the address with the port that was taken. Throws SG3102. */
  async listen(address: Address): Promise<Address> {
    this.#listener = await listen(address, {
      accept: (socket) => this.#accept(socket),
      logger: this.#logger,
    });
    return this.#listener.address;
  }

  async stop(): Promise<void> {
    this.#listener?.close();
    for (const socket of this.#silent) socket.destroy();
    this.#http.close();
    this.#http.closeAllConnections();
    await this.#grpc.stop(0);
  }

  #accept(socket: Socket): void {
    const drop = () => socket.destroy();
    this.#silent.add(socket);
    socket.setTimeout(SILENCE_MS, drop);
    socket.once("error", drop);
    socket.once("close", () => this.#silent.delete(socket));
    socket.once("data", (first) => {
      this.#silent.delete(socket);
      socket.setTimeout(0);
      socket.off("error", drop);
      socket.pause();
      socket.unshift(first);
      const isHttp2 = first.subarray(0, HTTP2_PREFACE.length).toString("latin1") === HTTP2_PREFACE;
      if (isHttp2) return this.#grpc.accept(socket);
      this.#http.emit("connection", socket);
      socket.resume();
    });
  }

  #probe(request: IncomingMessage, response: ServerResponse): void {
    const path = request.url?.split("?", 1)[0];
    const ready = this.#board.get("") === ServingStatus.SERVING;
    if (request.method !== "GET" && request.method !== "HEAD") answer(response, 405, "only GET");
    else if (path === "/healthz") answer(response, 200, "ok");
    else if (path === "/readyz") answer(response, ready ? 200 : 503, ready ? "ready" : "not ready");
    else answer(response, 404, "there are /healthz and /readyz");
  }
}

function answer(response: ServerResponse, code: number, text: string): void {
  response.writeHead(code, { "content-type": "text/plain", "cache-control": "no-store" }).end(`${text}\n`);
}
