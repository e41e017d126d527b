import { request } from "node:http";
import { join } from "node:path";
import { Client, credentials, status } from "@grpc/grpc-js";
import { CheckFailedError, SidegateClient } from "../../client/index.ts";
import { ServingStatus } from "../../proto/generated/health.js";
import { healthService } from "../../proto/health-service.ts";
import type { Processes, RunningProcess } from "./processes.ts";

export interface SidecarProcessOptions {
  /** Holds its sockets and its policies. */
  readonly folder: string;
  /** Where the operator is, or several are. */
  readonly operators: readonly string[];
  readonly domains: readonly string[];
  /** Further arguments of the command line. */
  readonly args?: readonly string[];
  readonly env?: NodeJS.ProcessEnv;
}

/** What a question can be asked with besides who asks. */
export interface Asking {
  readonly domain?: string;
  readonly minPosition?: readonly string[];
  readonly deadlineMs?: number;
}

/** A sidecar as a process of its own, and clients of it. */
export class SidecarProcess {
  readonly process: RunningProcess;
  /** Where it keeps its policies. */
  readonly directory: string;
  readonly client: SidegateClient;
  /** Where it answers, as gRPC clients take it. */
  readonly address: string;
  readonly #prober: Client;
  readonly #health: string;

  constructor(
    processes: Processes,
    { folder, operators, domains, args = [], env = {} }: SidecarProcessOptions,
  ) {
    const socket = join(folder, "sidegate.sock");
    this.address = `unix:${socket}`;
    this.#health = join(folder, "health.sock");
    this.directory = join(folder, "policies");
    this.process = processes.sidegate(
      [
        ...["sidecar", "--listen", "127.0.0.1:0", "--socket", socket],
        ...["--health", `unix:${this.#health}`, "--data-dir", this.directory],
        ...operators.flatMap((operator) => ["--operator", operator]),
        ...domains.flatMap((domain) => ["--domain", domain]),
        ...args,
      ],
      { env },
    );
    this.client = new SidegateClient({ address: this.address, deadlineMs: 20_000 });
    this.#prober = new Client(`unix:${this.#health}`, credentials.createInsecure());
  }

  /** Asks whether a user may view logs on the platform: the reason of the decision, or the name of the error. */
  async ask(user: string, { deadlineMs, ...asking }: Asking = {}): Promise<string> {
    const question = {
      subject: { kind: "User", name: user },
      permission: "logs:view",
      scope: "platform",
    } as const;
    try {
      const options = deadlineMs === undefined ? {} : { deadlineMs };
      const { reason } = await this.client.check({ ...question, ...asking }, options);
      return reason;
    } catch (error) {
      if (error instanceof CheckFailedError) return error.name;
      throw error;
    }
  }

  /** The revision that decides. */
  async revision(): Promise<string> {
    const subject = { kind: "User", name: "anyone" } as const;
    return (await this.client.check({ subject, permission: "logs:view", scope: "platform" })).revision;
  }

  /** What grpc.health.v1 says: the name of a status, or of a gRPC error. */
  health(): Promise<string> {
    const { path, requestSerialize, responseDeserialize } = healthService.check;
    return new Promise((resolve) => {
      this.#prober.makeUnaryRequest(path, requestSerialize, responseDeserialize, {}, (error, response) => {
        if (error !== null) resolve(String(status[error.code]));
        else resolve(response?.status === ServingStatus.SERVING ? "SERVING" : "NOT_SERVING");
      });
    });
  }

  /** What `GET /readyz` says: 200 or 503. */
  readiness(): Promise<number | undefined> {
    return new Promise((resolve, reject) => {
      const sent = request({ socketPath: this.#health, path: "/readyz" }, (response) => {
        response.resume().on("end", () => resolve(response.statusCode));
      });
      sent.on("error", reject).end();
    });
  }

  closeClients(): void {
    this.client.close();
    this.#prober.close();
  }
}
