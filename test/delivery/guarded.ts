import { type DeliveryServer, startDeliveryServer } from "../../operator/delivery/delivery-server.ts";
import type { DeliverySettings } from "../../operator/delivery/settings.ts";
import { TokenGate } from "../../operator/identity/token-gate.ts";
import { createPolicyBook, type PolicyBook } from "../../operator/policy-book.ts";
import { TestCertificate } from "../support/certificates.ts";
import { ManualClock } from "../support/manual-clock.ts";
import { RawSidecar } from "../support/raw-sidecar.ts";
import { ReviewingApi } from "../support/reviewing-api.ts";
import { type LogLine, recordingLogger } from "../support/silent-logger.ts";

/** The name in the certificates of these tests. */
export const SERVER_NAME = "sidegate-operator-replicas.sidegate-system.svc";

/** A delivery server as a cluster has it: over TLS, for those whose tokens and rights are known. */
export class GuardedDelivery {
  readonly book: PolicyBook = createPolicyBook();
  readonly api = new ReviewingApi();
  readonly lines: LogLine[];
  readonly clock: ManualClock;
  readonly certificate: TestCertificate;
  readonly server: DeliveryServer;
  readonly #sidecars: RawSidecar[] = [];

  private constructor(
    parts: Pick<GuardedDelivery, "book" | "api" | "lines" | "clock" | "certificate" | "server">,
  ) {
    this.book = parts.book;
    this.api = parts.api;
    this.lines = parts.lines;
    this.clock = parts.clock;
    this.certificate = parts.certificate;
    this.server = parts.server;
  }

  static async start(settings: Partial<DeliverySettings> = {}): Promise<GuardedDelivery> {
    const clock = new ManualClock();
    const book = createPolicyBook();
    const api = new ReviewingApi();
    const certificate = await TestCertificate.make(SERVER_NAME);
    const { logger, lines } = recordingLogger();
    const gate = new TokenGate({ api, clock });
    const listen = "127.0.0.1:0";
    const server = await startDeliveryServer({
      ...{ book, listen, clock, logger, gate, certificate, settings },
    });
    return new GuardedDelivery({ book, api, lines, clock, certificate, server });
  }

  get port(): number {
    return Number(this.server.address.split(":")[1]);
  }

  /** A sidecar with a token, or without. */
  connect(token?: string, reading = true): RawSidecar {
    const secure = { ca: this.certificate.ca, name: SERVER_NAME, ...(token !== undefined && { token }) };
    const sidecar = new RawSidecar(this.server.address, reading, secure);
    this.#sidecars.push(sidecar);
    return sidecar;
  }

  /** A sidecar of a pod in namespace shop that may sync it and has said Hello. */
  shopSidecar(pod: string, reading = true): RawSidecar {
    this.api.allowSync("shop");
    return this.connect(this.api.podToken("shop", pod), reading).hello(["shop"], pod);
  }

  /** What was written down at the level of warnings and above. */
  get warnings(): LogLine[] {
    return this.lines.filter(({ level }) => level >= 40);
  }

  async stop(): Promise<void> {
    for (const sidecar of this.#sidecars) sidecar.close();
    await this.server.stop(0);
  }
}
