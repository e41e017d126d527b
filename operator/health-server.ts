import { createServer } from "node:http";
import type { Logger } from "pino";
import { formatAddress, parseAddress, socketModes } from "../host/address.ts";
import type { Clock } from "../host/clock.ts";
import { listen } from "../host/listen.ts";
import { ProbeConnections } from "../host/probe-connections.ts";

export interface HealthServerOptions {
  /** "HOST:PORT". */
  readonly listen: string;
  readonly isReady: () => boolean;
  /** Gauges by name, in Prometheus' spelling. */
  readonly gauges: () => Readonly<Record<string, number>>;
  readonly clock: Clock;
  readonly logger: Logger;
}

export interface HealthServer {
  readonly address: string;
  stop(): Promise<void>;
}

/**
 * Serves /healthz (200 while the process runs), /readyz (200 once everything seen at the start was read, compiled and
 * published, 503 before) and /metrics.
 *
 * @throws SidegateError SG3102 or SG3103 where it can not listen
 */
export async function startHealthServer(options: HealthServerOptions): Promise<HealthServer> {
  const { isReady, gauges, clock, logger } = options;
  const connections = new ProbeConnections(clock);
  const server = createServer((request, response) => {
    const { status, text } = answer(request.url ?? "/", isReady, gauges);
    const headers = { "content-type": "text/plain; charset=utf-8", connection: "close" };
    response.writeHead(status, headers).end(text);
  });
  const listener = await listen(parseAddress(options.listen, socketModes.owner), {
    logger,
    accept: (socket) => {
      connections.add(socket);
      server.emit("connection", socket);
    },
  });
  const address = formatAddress(listener.address);
  logger.info({ address }, "Serves health and metrics");
  return {
    address,
    async stop() {
      listener.close();
      connections.close();
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
