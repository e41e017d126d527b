/**
 * A sidecar as its operator sees it: a stream over TLS with a token, on a connection of its own, that takes policies, verifies
 * and acknowledges them. It decides nothing, so it loads none.
 *
 *   greeting    Hello was sent
 *   following   the operator has answered; `revision` is what it would decide by
 *   ended       by `close`, or with `error`
 */
import { type ClientHttp2Session, type ClientHttp2Stream, connect, constants } from "node:http2";
import { formatDigest } from "../engine/model/digest.ts";
import { type ShardChunk, SyncRequest } from "../proto/generated/delivery.js";
import type { Input } from "../proto/message-type.ts";
import { Frames, frame } from "./grpc-frames.ts";
import { ShardInPieces, type SharedMessages } from "./shared-messages.ts";

export interface SimulatedSidecarOptions {
  /** "HOST:PORT" */
  readonly address: string;
  /** PEM. */
  readonly ca: string;
  /** The name in the operator's certificate. */
  readonly serverName: string;
  readonly token: string;
  readonly name: string;
  readonly domain: string;
  readonly messages: SharedMessages;
}

const WINDOW = 1024 * 1024;
const HEARTBEAT_MS = 5_000;
const heartbeat = frame(SyncRequest.encode({ heartbeat: {} }).finish());
const NONE: ReadonlySet<string> = new Set();

export class SimulatedSidecar {
  /** Of the policy that it has; empty before the first one. */
  revision = "";
  /** Policies that it took. */
  taken = 0;
  /** Commits that came before the last one was answered. There must be none. */
  early = 0;
  error: Error | undefined;
  readonly #options: SimulatedSidecarOptions;
  readonly #session: ClientHttp2Session;
  readonly #stream: ClientHttp2Stream;
  readonly #frames = new Frames();
  readonly #pieces = new ShardInPieces();
  readonly #beat: NodeJS.Timeout;
  /** The shards of its policy; one set serves all sidecars that have it. */
  #held = NONE;
  readonly #received = new Set<string>();
  #isAnswering = false;
  #isEnded = false;

  constructor(options: SimulatedSidecarOptions) {
    const { address, ca, serverName, token, name, domain } = options;
    this.#options = options;
    const settings = { initialWindowSize: WINDOW, enablePush: false };
    this.#session = connect(`https://${address}`, { ca, servername: serverName, settings });
    this.#session.on("error", (error) => this.#end(error));
    this.#session.once("connect", () => this.#session.setLocalWindowSize(WINDOW));
    this.#stream = this.#session.request({
      [constants.HTTP2_HEADER_METHOD]: "POST",
      [constants.HTTP2_HEADER_AUTHORITY]: serverName,
      [constants.HTTP2_HEADER_PATH]: "/sidegate.v1.Delivery/Sync",
      "content-type": "application/grpc",
      te: "trailers",
      authorization: `Bearer ${token}`,
    });
    this.#stream.on("response", (headers) => this.#refused(headers));
    this.#stream.on("trailers", (trailers) => this.#refused(trailers));
    this.#stream.on("data", (bytes: Buffer) => this.#receive(bytes));
    this.#stream.on("error", (error) => this.#end(error));
    this.#stream.on("close", () => this.#end(new Error("The operator ended the stream")));
    this.#beat = setInterval(() => this.#stream.write(heartbeat), HEARTBEAT_MS);
    const state = { domain, revision: "", epoch: 0, position: {}, shards: [], onDemand: false };
    this.#send({ hello: { protocol: 1, sidecar: name, version: "0", domains: [state] } });
  }

  close(): void {
    this.#end(undefined);
  }

  #send(message: Input<SyncRequest>): void {
    if (!this.#isEnded) this.#stream.write(frame(SyncRequest.encode(message).finish()));
  }

  #receive(bytes: Buffer): void {
    try {
      this.#frames.take(bytes, (message) => this.#take(message));
    } catch (error) {
      this.#end(error as Error);
    }
  }

  #take(bytes: Buffer): void {
    const { response, shard, shards } = this.#options.messages.read(bytes);
    const { chunk, commit } = response;
    if (chunk) this.#chunk(chunk, shard);
    else if (commit?.policy && shards) this.#commit(commit.policy.revision, shards);
  }

  #chunk({ hash, data, last }: ShardChunk, whole: string | undefined): void {
    const shard = whole !== undefined && !this.#pieces.isOpen ? whole : this.#pieces.take(data, last);
    if (shard === undefined) return;
    if (shard !== formatDigest(hash)) throw new Error("A shard has not the hash that it was sent with");
    this.#received.add(shard);
  }

  #commit(revision: string, shards: ReadonlySet<string>): void {
    if (this.#isAnswering) this.early++;
    const missing = this.#options.messages.missing(this.#held, shards);
    if (!missing.every((hash) => this.#received.has(hash)))
      throw new Error("A Commit came before all its shards");
    this.#isAnswering = true;
    // A sidecar swaps a policy in between two turns of its loop.
    setImmediate(() => {
      this.#isAnswering = false;
      this.#held = shards;
      this.#received.clear();
      this.revision = revision;
      this.taken++;
      this.#send({ ack: { domain: this.#options.domain, revision } });
    });
  }

  #refused(headers: Readonly<Record<string, unknown>>): void {
    const { "grpc-status": status, "grpc-message": message } = headers;
    if (status !== undefined) this.#end(new Error(`gRPC status ${status}: ${message}`));
  }

  #end(error: Error | undefined): void {
    if (this.#isEnded) return;
    this.#isEnded = true;
    this.error = error;
    clearInterval(this.#beat);
    this.#stream.close(constants.NGHTTP2_CANCEL);
    this.#session.destroy();
  }
}
