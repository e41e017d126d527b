import type { RequestOptions } from "node:https";
import { KubeConfig } from "@kubernetes/client-node";
import { Agent, type buildConnector, type Dispatcher, ProxyAgent } from "undici";
import { messageOf } from "../../engine/errors/message-of.ts";
import { SidegateError } from "../../engine/errors/sidegate-error.ts";
import type { Clock } from "../../host/clock.ts";

/** How to reach the API server, and as whom. */
export interface Access {
  /** Base address without a slash at the end. */
  readonly server: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly dispatcher: Dispatcher;
}

export interface Credentials {
  /** What to use for the next request. Certificates that change on disk are read again after 10 s, tokens after a minute. */
  access(): Promise<Access>;
  /** Forgets what was read, after the API server refused it. */
  renew(): void;
  /** Closes all connections, those in use included. */
  close(): Promise<void>;
}

const FRESH_MS = 10_000;
const KEEP_ALIVE_MS = 30_000;

/**
 * Credentials of a kubeconfig's current context. One agent is shared by all requests for as long as the TLS material is
 * the same: client-node itself would make one, and with it a TLS handshake, for every request.
 *
 * @throws SidegateError SG4005 when the kubeconfig names no cluster that can be used
 */
export function createCredentials(given: KubeConfig, clock: Clock): Credentials {
  const config = allowPlainLoopback(given);
  const cluster = config.getCurrentCluster();
  if (!cluster?.server)
    throw new SidegateError("SG4005", "the kubeconfig has no current context with a cluster");
  const server = cluster.server.replace(/\/+$/, "");
  let current: { access: Access; fingerprint: string } | undefined;
  let readAt = Number.NEGATIVE_INFINITY;
  let reading: Promise<Access> | undefined;

  const read = async (): Promise<Access> => {
    const tls: RequestOptions & { auth?: string } = { headers: {} };
    try {
      await config.applyToHTTPSOptions(tls);
    } catch (error) {
      throw new SidegateError("SG4005", messageOf(error), {
        cause: error,
      });
    }
    const headers = tls.headers as Record<string, string>;
    if (tls.auth !== undefined && headers.Authorization === undefined) {
      headers.Authorization = `Basic ${Buffer.from(tls.auth).toString("base64")}`;
    }
    const options = config.createDispatcherOptions(cluster, tls as object);
    const fingerprint = JSON.stringify(options);
    const before = current;
    const reusable = before?.fingerprint === fingerprint;
    const dispatcher = reusable ? before.access.dispatcher : createDispatcher(options);
    // Watches on the old agent run on until their time is up.
    if (before !== undefined && !reusable) void before.access.dispatcher.close();
    current = { access: { server, headers, dispatcher }, fingerprint };
    readAt = clock.now();
    return current.access;
  };

  return {
    async access() {
      if (current !== undefined && clock.now() - readAt < FRESH_MS) return current.access;
      reading ??= read().finally(() => {
        reading = undefined;
      });
      return reading;
    },
    renew() {
      readAt = Number.NEGATIVE_INFINITY;
    },
    async close() {
      await current?.access.dispatcher.destroy();
    },
  };
}

/**
 * client-node refuses HTTP without TLS unless the kubeconfig says not to verify; kubectl does not. Both are right: it is
 * harmless on loopback (`kubectl proxy`), and elsewhere it shows tokens to everyone.
 */
function allowPlainLoopback(given: KubeConfig): KubeConfig {
  const cluster = given.getCurrentCluster();
  if (!cluster || !isPlainLoopback(cluster.server)) return given;
  const config = new KubeConfig();
  config.loadFromOptions({
    clusters: [{ ...cluster, skipTLSVerify: true }],
    users: given.getUsers(),
    contexts: given.getContexts(),
    currentContext: given.getCurrentContext(),
  });
  return config;
}

function isPlainLoopback(server: string): boolean {
  if (!URL.canParse(server)) return false;
  const { protocol, hostname } = new URL(server);
  return protocol === "http:" && /^(localhost|127\.\d+\.\d+\.\d+|\[::1\])$/.test(hostname);
}

function createDispatcher(options: ReturnType<KubeConfig["createDispatcherOptions"]>): Dispatcher {
  // Time-outs are the callers': a quiet watch is healthy for minutes, a GET is not.
  const common = { headersTimeout: 0, bodyTimeout: 0, keepAliveTimeout: KEEP_ALIVE_MS };
  switch (options.type) {
    case "agent":
      return new Agent({ ...common, connect: options.connect as buildConnector.BuildOptions });
    case "none":
      return new Agent(common);
    case "proxy":
      return new ProxyAgent({
        ...common,
        uri: options.uri,
        requestTls: options.requestTls as buildConnector.BuildOptions,
      });
    case "socks":
      throw new SidegateError("SG4005", "the kubeconfig asks for a SOCKS proxy, which is not supported");
  }
}
