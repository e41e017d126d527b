import { createServer } from "node:http";
import type { Logger } from "pino";
import { listenAt } from "./delivery/listen-address.ts";

export interface HealthServerOptions {
  /** "HOST:PORT". */
  readonly listen: string;
  readonly isReady: () => boolean;
  /** Gauges by name, in Prometheus' spelling. */
  readonly gauges: () => Readonly<Record<string, number>>;
  readonly log: Logger;
}

export interface HealthServer {
  readonly address: string;
  stop(): Promise<void>;
}

const MAX_CONNECTIONS = 64;

/**
 * Serves /healthz (200 while the process runs), /readyz (200 once everything seen at the start was read, compiled and
 * published, 503 before) and /metrics.
 *
 * @throws SidegateError SG2106 where it can not listen
 */
export async function startHealthServer({
  listen,
  isReady,
  gauges,
  log,
}: HealthServerOptions): Promise<HealthServer> {
  const server = createServer({ requestTimeout: 5000, keepAliveTimeout: 5000 }, (request, response) => {
    const { status, text } = answer(request.url ?? "/", isReady, gauges);
    response.writeHead(status, { "content-type": "text/plain; charset=utf-8" }).end(text);
  });
  const listener = await listenAt(listen, MAX_CONNECTIONS, (socket) => server.emit("connection", socket));
  log.info({ address: listener.address }, "Serves health and metrics");
  return {
    address: listener.address,
    async stop() {
      listener.close();
      server.closeAllConnections();
    },
  };
}

function answer(url: string, isReady: () => boolean, gauges: HealthServerOptions["gauges"]) {
  switch (url.split("?")[0]) {
    case "/healthz":
      return { status: 200, text: "ok\n" };
    case "/readyz":
      return isReady()
        ? { status: 200, text: "ok\n" }
        : { status: 503, text: "still reading and compiling\n" };
    case "/metrics": {
      const lines = Object.entries(gauges()).map(
        ([name, value]) => `# TYPE ${name} gauge\n${name} ${value}\n`,
      );
      return { status: 200, text: lines.join("") };
    }
    default:
      return { status: 404, text: "there is /healthz, /readyz and /metrics\n" };
  }
}
