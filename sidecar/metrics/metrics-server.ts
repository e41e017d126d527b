import { createServer } from "node:http";
import type { Logger } from "pino";
import type { Address } from "../../host/address.ts";
import type { Clock } from "../../host/clock.ts";
import { type Listener, listen } from "../../host/listen.ts";
import { ProbeConnections } from "../../host/probe-connections.ts";
import { formatMetrics, METRICS_CONTENT_TYPE, type Metric } from "./format-metrics.ts";

export interface MetricsServerOptions {
  readonly address: Address;
  /** Called for each scrape. */
  readonly collect: () => readonly Metric[];
  readonly clock: Clock;
  readonly logger: Logger;
}

/** A port that is scraped. */
export interface MetricsServer {
  /** With the port that was really taken. */
  readonly address: Address;
  stop(): void;
}

/** Serves `GET /metrics`. Rejects with SG3102 for an address that can not be listened at. */
export async function startMetricsServer(options: MetricsServerOptions): Promise<MetricsServer> {
  const { address, collect, clock, logger } = options;
  const connections = new ProbeConnections(clock);
  const server = createServer((request, response) => {
    const isAsked = request.url?.split("?", 1)[0] === "/metrics";
    const headers = { "content-type": METRICS_CONTENT_TYPE, connection: "close" };
    if (isAsked) response.writeHead(200, headers).end(formatMetrics(collect()));
    else response.writeHead(404, headers).end("there is /metrics\n");
  });
  const listener: Listener = await listen(address, {
    logger,
    accept(socket) {
      connections.add(socket);
      server.emit("connection", socket);
    },
  });
  return {
    address: listener.address,
    stop() {
      listener.close();
      connections.close();
    },
  };
}
