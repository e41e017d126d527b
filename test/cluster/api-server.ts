import { Agent, type RequestOptions, request } from "node:https";
import { KubeConfig } from "@kubernetes/client-node";

/** What an API server answered. */
export interface Answer {
  readonly status: number;
  /** The object, or the reason why there is none as `message`. */
  readonly body: Readonly<Record<string, unknown>>;
}

export interface Call {
  readonly method: "GET" | "POST" | "PUT" | "PATCH" | "DELETE";
  /** Path and query. */
  readonly path: string;
  readonly body?: unknown;
  /** Default: application/json. */
  readonly contentType?: string;
}

/** Calls an API server as plainly as can be: one request, one answer, whatever its status. */
export class ApiServer {
  readonly #config = new KubeConfig();
  readonly #server: string;
  #options: Promise<RequestOptions> | undefined;

  /** @param kubeconfig a file; its current context names the server and the user */
  constructor(kubeconfig: string) {
    this.#config.loadFromFile(kubeconfig);
    const server = this.#config.getCurrentCluster()?.server;
    if (server === undefined) throw new Error(`${kubeconfig} names no cluster`);
    this.#server = server;
  }

  async call({ method, path, body, contentType = "application/json" }: Call): Promise<Answer> {
    this.#options ??= readOptions(this.#config);
    const { headers, ...others } = await this.#options;
    const options = { ...others, method, headers: { ...(headers as object), "content-type": contentType } };
    return new Promise((resolve, reject) => {
      const sent = request(new URL(path, this.#server), options, (response) => {
        const chunks: Buffer[] = [];
        response.on("data", (chunk: Buffer) => chunks.push(chunk));
        response.on("error", reject);
        response.on("end", () => {
          const text = Buffer.concat(chunks).toString("utf8");
          const answer = text.startsWith("{") ? JSON.parse(text) : { message: text };
          resolve({ status: response.statusCode ?? 0, body: answer });
        });
      });
      sent.on("error", reject);
      sent.end(body === undefined ? undefined : JSON.stringify(body));
    });
  }
}

/** The user's credentials, and one agent for all calls, so that they share a connection. */
async function readOptions(config: KubeConfig): Promise<RequestOptions> {
  const options: RequestOptions = {};
  await config.applyToHTTPSOptions(options);
  const { ca, cert, key, headers = {} } = options;
  return { headers, agent: new Agent({ keepAlive: true, ca, cert, key }) };
}
