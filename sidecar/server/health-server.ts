import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { Socket } from "node:net";
import type { Logger } from "pino";
import type { Address } from "../../host/address.ts";
import type { Clock } from "../../host/clock.ts";
import { type Listener, listen } from "../../host/listen.ts";
import { ProbeConnections } from "../../host/probe-connections.ts";
import { ServingStatus } from "../../proto/generated/health.js";
import { GrpcServer } from "./grpc-server.ts";
import type { HealthBoard } from "./health-board.ts";
import { mountHealth } from "./mount-health.ts";

/** The first bytes of each HTTP/2 connection (RFC 9113, section 3.4) begin so; no HTTP/1 method does. */
const HTTP2_PREFACE = "PRI ";
/** How long a startup probe waits, in milliseconds. */
const START_WAIT_MS = 5_000;

export interface HealthServerOptions {
  readonly board: HealthBoard;
  readonly clock: Clock;
  readonly logger: Logger;
}

/**
 * The port for probes: grpc.health.v1 and, over HTTP/1, `GET /healthz` (200 while the process lives) and `GET /readyz`
 * (200 or 503). `GET /startz` is for startup probes, between two of which a whole second lies: it answers 200 as soon as all is
 * ready, or 503 after some seconds. The port is apart from the decisions, because probes come from outside the pod's network namespace.
 */
export class HealthServer {
  readonly #board: HealthBoard;
  readonly #clock: Clock;
  readonly #logger: Logger;
  readonly #grpc: GrpcServer;
  readonly #http: Server;
  readonly #connections: ProbeConnections;
  #listener: Listener | undefined;

  constructor({ board, clock, logger }: HealthServerOptions) {
    this.#board = board;
    this.#clock = clock;
    this.#logger = logger;
    this.#connections = new ProbeConnections(clock);
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
    this.#connections.close();
    await this.#grpc.stop(0);
  }

  #accept(socket: Socket): void {
    this.#connections.add(socket);
    socket.once("data", (first) => {
      socket.pause();
      socket.unshift(first);
      const isHttp2 = first.subarray(0, HTTP2_PREFACE.length).toString("latin1") === HTTP2_PREFACE;
      if (isHttp2) {
        this.#connections.keep(socket);
        return this.#grpc.accept(socket);
      }
      this.#http.emit("connection", socket);
      socket.resume();
    });
  }

  #probe(request: IncomingMessage, response: ServerResponse): void {
    const path = request.url?.split("?", 1)[0];
    const ready = this.#board.get("") === ServingStatus.SERVING;
    const answerReady = (ready: boolean) =>
      answer(response, ready ? 200 : 503, ready ? "ready" : "not ready");
    if (request.method !== "GET" && request.method !== "HEAD") answer(response, 405, "only GET");
    else if (path === "/healthz") answer(response, 200, "ok");
    else if (path !== "/readyz" && path !== "/startz")
      answer(response, 404, "there are /healthz, /readyz and /startz");
    else if (path === "/readyz" || ready) answerReady(ready);
    else this.#awaitReady(response, answerReady);
  }

  #awaitReady(response: ServerResponse, answerReady: (ready: boolean) => void): void {
    const end = (ready: boolean) => {
      unwatch();
      cancel();
      response.off("close", onClose);
      answerReady(ready);
    };
    const onClose = () => end(false);
    const unwatch = this.#board.watch("", (status) => {
      if (status === ServingStatus.SERVING) end(true);
    });
    const cancel = this.#clock.after(START_WAIT_MS, () => end(false));
    response.once("close", onClose);
  }
}

function answer(response: ServerResponse, code: number, text: string): void {
  const headers = { "content-type": "text/plain", "cache-control": "no-store", connection: "close" };
  response.writeHead(code, headers).end(`${text}\n`);
}
