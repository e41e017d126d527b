import { KubeConfig } from "@kubernetes/client-node";
import { Agent, type Dispatcher, request } from "undici";
import type { Json } from "./json.ts";
import { WatchStream } from "./watch-stream.ts";

/** What an API server answered. */
export interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly text: string;
  /** The JSON of the body; undefined when it is something else. */
  readonly body: Json;
}

export type Method = "GET" | "POST" | "PUT" | "PATCH" | "DELETE";

export interface Sent {
  /** Sent as JSON, or as it is when it is a string. */
  readonly body?: unknown;
  readonly contentType?: string;
  readonly headers?: Readonly<Record<string, string>>;
}

/** Requests to an API server as plain as can be, so that the contract does not rest on the operator's client. */
export class ContractApi {
  readonly #server: string;
  readonly #agent: Agent;
  readonly #headers: Readonly<Record<string, string>>;

  private constructor(server: string, agent: Agent, headers: Readonly<Record<string, string>>) {
    this.#server = server;
    this.#agent = agent;
    this.#headers = headers;
  }

  /** @param kubeconfig its text; the current context names server and user */
  static async connect(kubeconfig: string): Promise<ContractApi> {
    const config = new KubeConfig();
    config.loadFromString(kubeconfig);
    const cluster = config.getCurrentCluster();
    if (cluster === null) throw new Error("the kubeconfig names no cluster");
    const options: { ca?: Buffer; cert?: Buffer; key?: Buffer; headers?: Record<string, string> } = {};
    await config.applyToHTTPSOptions(options as Parameters<KubeConfig["applyToHTTPSOptions"]>[0]);
    const { ca, cert, key, headers = {} } = options;
    const connect = { ...(ca && { ca }), ...(cert && { cert }), ...(key && { key }) };
    return new ContractApi(cluster.server, new Agent({ connect }), {
      "user-agent": "contract/1",
      ...headers,
    });
  }

  async send(method: Method, path: string, sent: Sent = {}): Promise<Answer> {
    const { statusCode, headers, body } = await this.#request(method, path, sent);
    const text = await body.text();
    const isJson = String(headers["content-type"] ?? "").startsWith("application/json");
    return { status: statusCode, headers, text, body: (isJson ? JSON.parse(text) : undefined) as Json };
  }

  /** Opens a watch; the query must say so. Fails when the server refuses it. */
  async watch(path: string): Promise<WatchStream> {
    const stop = new AbortController();
    const { statusCode, body } = await this.#request("GET", path, {}, stop.signal);
    if (statusCode !== 200) throw new Error(`${path} answered ${statusCode}: ${await body.text()}`);
    return new WatchStream(body, () => stop.abort());
  }

  close(): Promise<void> {
    return this.#agent.destroy();
  }

  #request(method: Method, path: string, sent: Sent, signal?: AbortSignal): Promise<Dispatcher.ResponseData> {
    const { body, contentType = "application/json" } = sent;
    return request(this.#server + path, {
      method,
      dispatcher: this.#agent,
      headers: {
        accept: "application/json",
        ...(body !== undefined && { "content-type": contentType }),
        ...this.#headers,
        ...sent.headers,
      },
      body: body === undefined || typeof body === "string" ? (body ?? null) : JSON.stringify(body),
      ...(signal && { signal }),
    });
  }
}
