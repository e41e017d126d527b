import type { ServerWritableStream } from "@grpc/grpc-js";
import type { Logger } from "pino";
import type { CompiledShard } from "../../engine/compile/compiled-policy.ts";
import { SidegateError } from "../../engine/errors/sidegate-error.ts";
import { deliveryLimits } from "../../engine/model/delivery-limits.ts";
import { DIGEST_BYTES, formatDigest } from "../../engine/model/digest.ts";
import type { Clock } from "../../host/clock.ts";
import { type FetchShardsRequest, ShardChunk } from "../../proto/generated/delivery.js";
import type { Gate } from "../identity/gate.ts";
import type { RecentShards } from "./recent-shards.ts";
import { StreamWriter } from "./stream-writer.ts";
import { toStatus } from "./to-status.ts";

/** A call of FetchShards as grpc-js has it; messages to it are encoded already. */
export type FetchShardsCall = ServerWritableStream<FetchShardsRequest, Buffer>;

export interface FetchShardsOptions {
  readonly shards: Pick<RecentShards, "find">;
  /** Absent: delivery is not authenticated. */
  readonly gate?: Gate | undefined;
  readonly clock: Clock;
  readonly logger: Logger;
  /** Until the sidecar must have taken the next piece, in milliseconds. */
  readonly stallMs: number;
}

/** Serves shards to sidecars that load them on demand. A sidecar gets those of domains whose policies it may have. */
export function fetchShardsHandler(options: FetchShardsOptions): (call: FetchShardsCall) => void {
  const { shards, gate, logger } = options;
  const answer = async (call: FetchShardsCall) => {
    const { domain, hashes } = readFetch(call.request);
    if (gate !== undefined) {
      const peer = await gate.identify(call.metadata.get("authorization"));
      await gate.authorize(peer, domain);
    }
    const found = hashes.flatMap((hash) => shards.find(domain, hash) ?? []);
    if (found.length < hashes.length) {
      const missing = hashes.length - found.length;
      logger.info({ domain, missing, peer: call.getPeer() }, "A sidecar asked for shards that are not here");
    }
    await writeShards(call, domain, found, options);
    call.end();
  };
  return (call) => {
    // A sidecar that goes away in the middle is nothing to report.
    call.on("error", () => {});
    answer(call).catch((error: unknown) => {
      if (call.cancelled) return;
      logger.warn({ err: error, peer: call.getPeer() }, "Could not send shards to a sidecar");
      call.emit("error", toStatus(error));
    });
  };
}

/** Throws SG2006 for what no sidecar asks. */
function readFetch({ domain, hashes }: FetchShardsRequest): { domain: string; hashes: string[] } {
  const { fetchedShards, name } = deliveryLimits;
  if (domain === "" || domain.length > name) throw broken("a domain is empty or too long");
  if (hashes.length > fetchedShards) throw broken(`more than ${fetchedShards} shards are asked for at once`);
  if (hashes.some((hash) => hash.length !== DIGEST_BYTES)) throw broken("a hash has the wrong length");
  return { domain, hashes: hashes.map((hash) => formatDigest(hash)) };
}

/** Writes shards as the sidecar takes them. Rejects with SG2104 when it takes none for too long. */
function writeShards(
  call: FetchShardsCall,
  domain: string,
  shards: readonly CompiledShard[],
  { clock, stallMs }: FetchShardsOptions,
): Promise<void> {
  return new Promise((resolve, reject) => {
    const chunks = chunksOf(domain, shards);
    let cancel = () => {};
    const end = (settle: () => void) => {
      cancel();
      settle();
    };
    const stalled = () => reject(new SidegateError("SG2104", `no piece was taken for ${stallMs} ms`));
    const pump = () => {
      cancel();
      while (writer.hasRoom) {
        const { done, value } = chunks.next();
        if (done) return end(resolve);
        writer.write(value);
      }
      cancel = clock.after(stallMs, stalled);
    };
    const writer = new StreamWriter(call, pump);
    call.on("cancelled", () => end(resolve));
    pump();
  });
}

function* chunksOf(domain: string, shards: readonly CompiledShard[]): Generator<Buffer, undefined> {
  for (const { hash, bytes } of shards) {
    let start = 0;
    do {
      const end = Math.min(bytes.length, start + deliveryLimits.chunkBytes);
      const data = bytes.subarray(start, end);
      const last = end === bytes.length;
      yield ShardChunk.encode({ domain, hash: Buffer.from(hash, "hex"), data, last }).finish();
      start = end;
    } while (start < bytes.length);
  }
  return undefined;
}

function broken(problem: string): SidegateError {
  return new SidegateError("SG2006", problem);
}
