import { Client, type ClientDuplexStream, credentials, Metadata, type ServiceError } from "@grpc/grpc-js";
import type { CompiledPolicy } from "../../engine/compile/compiled-policy.ts";
import { deliveryService } from "../../proto/delivery-service.ts";
import type { Hello, SyncRequest, SyncResponse } from "../../proto/generated/delivery.js";
import type { Input } from "../../proto/message-type.ts";

/** A delivery stream in the hands of a test: it says what it is told to and keeps what it hears. */
export class RawSidecar {
  readonly received: SyncResponse[] = [];
  /** How the stream ended. */
  error: ServiceError | undefined;
  ended = false;
  readonly #client: Client;
  readonly #call: ClientDuplexStream<Input<SyncRequest>, SyncResponse>;
  #taken = 0;

  /**
   * @param reading false: it takes no more than grpc-js buffers (16 messages) off the stream until `read`
   * @param secure over TLS to a server of this authority (PEM) and name, with a token; default: plain text
   */
  constructor(address: string, reading = true, secure?: { ca: string; name: string; token?: string }) {
    const metadata = new Metadata();
    if (secure?.token !== undefined) metadata.set("authorization", `Bearer ${secure.token}`);
    this.#client = new Client(
      address,
      secure ? credentials.createSsl(Buffer.from(secure.ca)) : credentials.createInsecure(),
      {
        "grpc.use_local_subchannel_pool": 1,
        ...(secure && { "grpc.ssl_target_name_override": secure.name }),
      },
    );
    const { path, requestSerialize, responseDeserialize } = deliveryService.sync;
    this.#call = this.#client.makeBidiStreamRequest(path, requestSerialize, responseDeserialize, metadata);
    this.#call.on("error", (error: ServiceError) => {
      this.error = error;
      this.ended = true;
    });
    this.#call.on("end", () => {
      this.ended = true;
    });
    // A listener for "readable" that reads nothing: without any listener grpc-js buffers without bound.
    if (reading) this.read();
    else this.#call.once("readable", () => {});
  }

  read(): void {
    this.#call.on("data", (message: SyncResponse) => void this.received.push(message)).resume();
  }

  send(message: Input<SyncRequest>): void {
    this.#call.write(message);
  }

  /** Says Hello with a name and domains, none of which it has. */
  hello(
    domains: readonly (string | NonNullable<Input<Hello>["domains"]>[number])[] = ["shop"],
    sidecar = "raw",
  ): this {
    const states = domains.map((domain) => (typeof domain === "string" ? { domain } : domain));
    this.send({ hello: { protocol: 1, sidecar, version: "0", domains: states } });
    return this;
  }

  ack({ domain, revision }: CompiledPolicy): void {
    this.send({ ack: { domain, revision } });
  }

  nack({ domain, revision }: CompiledPolicy, code = "SG2007"): void {
    this.send({ nack: { domain, revision, code, message: "refused by a test" } });
  }

  /** The messages since the last call, up to and with the first of a kind. */
  async upTo(kind: NonNullable<SyncResponse["message"]>): Promise<SyncResponse[]> {
    for (;;) {
      const index = this.received.findIndex((message, at) => at >= this.#taken && message.message === kind);
      if (index >= 0) {
        const taken = this.received.slice(this.#taken, index + 1);
        this.#taken = index + 1;
        return taken;
      }
      if (this.ended) throw new Error(`The stream ended before ${kind}`, { cause: this.error });
      await nextTurn();
    }
  }

  /** How the stream ends. */
  async end(): Promise<ServiceError | undefined> {
    while (!this.ended) await nextTurn();
    return this.error;
  }

  close(): void {
    this.#call.cancel();
    this.#client.close();
  }
}

/** Lets the network and timers have a turn. */
export function nextTurn(): Promise<void> {
  return new Promise((resolve) => void setTimeout(resolve, 1));
}

/** Resolves once a condition holds; the test's own time limit ends the wait otherwise. */
export async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await nextTurn();
}
