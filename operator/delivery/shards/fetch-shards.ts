import type { ServerWritableStream } from "@grpc/grpc-js";
import type { Logger } from "pino";
import type { CompiledShard } from "../../../engine/compile/compiled-policy.ts";
import { SidegateError } from "../../../engine/errors/sidegate-error.ts";
import { deliveryLimits } from "../../../engine/model/delivery-limits.ts";
import { DIGEST_BYTES, formatDigest } from "../../../engine/model/digest.ts";
import type { Clock } from "../../../host/clock.ts";
import { type FetchShardsRequest, ShardChunk } from "../../../proto/generated/delivery.js";
import type { Fleet } from "../../fleet/fleet.ts";
import type { Gate } from "../../identity/gate.ts";
import type { PeerIdentity } from "../../identity/peer-identity.ts";
import type { Admitted, Reception } from "../reception/reception.ts";
import type { RefusalLog } from "../reception/refusal-log.ts";
import { toStatus } from "../reception/to-status.ts";
import { StreamWriter } from "../streams/stream-writer.ts";
import type { RecentShards } from "./recent-shards.ts";

/** A call of FetchShards as grpc-js has it; messages to it are encoded already. */
export type FetchShardsCall = ServerWritableStream<FetchShardsRequest, Buffer>;

export interface FetchShardsOptions {
  readonly shards: Pick<RecentShards, "find">;
  readonly reception: Pick<Reception, "admit">;
  /** Absent: delivery is not authenticated. */
  readonly gate?: Gate | undefined;
  /** Who has a stream. */
  readonly fleet: Pick<Fleet, "members">;
  readonly refusals: RefusalLog;
  readonly clock: Clock;
  readonly logger: Logger;
  /** Until the sidecar must have taken the next piece, in milliseconds. */
  readonly stallMs: number;
}

/**
 * Serves shards to sidecars that load them on demand. A sidecar gets those of domains whose policies it may have: which it has
 * on this very connection, whose right is asked about from time to time; so that an API server that does not answer ends
 * neither its stream nor its fetching. Anybody else is asked like at the beginning of a stream.
 */
export function fetchShardsHandler(options: FetchShardsOptions): (call: FetchShardsCall) => Promise<void> {
  const { reception, fleet, refusals } = options;
  return async (call) => {
    // A sidecar that goes away in the middle is nothing to report.
    call.on("error", () => {});
    const peer = call.getPeer();
    const { domain } = call.request;
    const isServed = [...fleet.members()].some(
      (member) => member.peer === peer && PORT.test(peer) && member.holdings.has(domain),
    );
    const admitted = isServed ? SERVED : await reception.admit(call);
    if (admitted === undefined) return;
    const { identity, release } = admitted;
    try {
      const wanted = readFetch(call.request);
      if (!isServed && options.gate !== undefined) await authorize(options.gate, identity, domain);
      await answer(call, wanted, options);
      call.end();
    } catch (error) {
      if (call.cancelled) return;
      const who = identity?.user ?? peer.replace(PORT, "");
      refusals.report(who, error, { peer, user: identity?.user, domain }, "Sent no shards to a sidecar");
      call.emit("error", toStatus(error));
    } finally {
      release();
    }
  };
}

/** What tells one connection from others; those of a Unix socket have none. */
const PORT = /:\d+$/;
const SERVED: Admitted = { identity: undefined, release: () => {} };

async function authorize(gate: Gate, identity: PeerIdentity | undefined, domain: string): Promise<void> {
  if (identity === undefined) throw new SidegateError("SG2151", "the peer has not said who it is");
  await gate.authorize(identity, domain);
}

async function answer(
  call: FetchShardsCall,
  { domain, hashes }: Wanted,
  options: FetchShardsOptions,
): Promise<void> {
  const { shards, logger } = options;
  const found = hashes.flatMap((hash) => shards.find(domain, hash) ?? []);
  const missing = hashes.length - found.length;
  if (missing > 0) logger.debug({ domain, missing, peer: call.getPeer() }, "Has not all shards asked for");
  await writeShards(call, domain, found, options);
}

interface Wanted {
  readonly domain: string;
  /** Hexadecimal. */
  readonly hashes: readonly string[];
}

/** Throws SG2006 for what no sidecar asks. */
function readFetch({ domain, hashes }: FetchShardsRequest): Wanted {
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
