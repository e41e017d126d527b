import { Client, credentials, type ServiceError, status } from "@grpc/grpc-js";
import { CheckResponse } from "../proto/generated/decision.js";
import { sidegateService } from "../proto/sidegate-service.ts";
import { pauseMs } from "./pause.ts";

const { path } = sidegateService.check;
const pass = (bytes: Buffer): Buffer => bytes;

/** Asks checks that are encoded already, so that it costs the measured calls as little as can be. */
export class CheckClient implements Disposable {
  readonly #client: Client;

  /** @param address as gRPC clients take it */
  constructor(address: string) {
    this.#client = new Client(address, credentials.createInsecure(), {
      "grpc.enable_channelz": 0,
      "grpc.enable_http_proxy": 0,
      "grpc.service_config_disable_resolution": 1,
      "grpc.initial_reconnect_backoff_ms": RETRY_MS,
      "grpc.max_reconnect_backoff_ms": RETRY_MS,
    });
  }

  /** The encoded answer. Rejects with a ServiceError. */
  check(request: Buffer): Promise<Buffer> {
    return new Promise((resolve, reject) => {
      this.#client.makeUnaryRequest(path, pass, pass, request, (error, answer) =>
        error ? reject(error) : resolve(answer as Buffer),
      );
    });
  }

  async isAllowed(request: Buffer): Promise<boolean> {
    return CheckResponse.decode(await this.check(request)).allowed;
  }

  /** Asks until the answer is as wanted, also while nobody is there to answer. Rejects after a minute of other answers. */
  async until(request: Buffer, allowed: boolean, everyMs = RETRY_MS): Promise<void> {
    for (
      const deadline = performance.now() + PATIENCE_MS;
      performance.now() < deadline;
      await pauseMs(everyMs)
    ) {
      try {
        if ((await this.isAllowed(request)) === allowed) return;
      } catch (error) {
        if ((error as ServiceError).code !== status.UNAVAILABLE) throw error;
      }
    }
    throw new Error(`The answer has not become ${allowed ? "allow" : "deny"} within ${PATIENCE_MS} ms`);
  }

  [Symbol.dispose](): void {
    this.#client.close();
  }
}

const RETRY_MS = 5;
const PATIENCE_MS = 120_000;
