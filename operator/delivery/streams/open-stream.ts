import type { Logger } from "pino";
import { SidegateError } from "../../../engine/errors/sidegate-error.ts";
import type { Gate } from "../../identity/gate.ts";
import type { PeerIdentity } from "../../identity/peer-identity.ts";
import type { PeerBound, PeerBounds } from "../reception/peer-bounds.ts";
import type { Reception } from "../reception/reception.ts";
import type { RefusalLog } from "../reception/refusal-log.ts";
import { toStatus } from "../reception/to-status.ts";
import { Connection } from "./connection.ts";
import type { Admission, Supplies, SyncCall } from "./connection-options.ts";
import type { ConnectionSet } from "./connection-set.ts";

export interface OpenStreamOptions extends Supplies {
  readonly reception: Pick<Reception, "admit">;
  /** Absent: delivery is not authenticated. */
  readonly gate: Gate | undefined;
  readonly bounds: PeerBounds;
  /** The streams that are open. */
  readonly sidecars: ConnectionSet;
  readonly refusals: RefusalLog;
  readonly logger: Logger;
}

/** Opens the streams of sidecars: of whom is let in, within what one may have and what all may have. */
export function openStreamHandler(options: OpenStreamOptions): (call: SyncCall) => Promise<void> {
  const { reception, gate, bounds, sidecars } = options;
  return async (call) => {
    if (sidecars.isDraining) {
      end(call, new SidegateError("SG2105", "the operator's replica is shutting down"));
      return;
    }
    const admitted = await reception.admit(call);
    if (admitted === undefined) return;
    const { identity, release } = admitted;
    const bound = identity && bounds.of(identity);
    const excess = tooOften(call, identity, bound, options) ?? tooMany(call, options);
    if (excess !== undefined) {
      end(call, excess);
      return release();
    }
    const admission = gate && identity && { gate, identity };
    sidecars.add(connect(call, { admission, bound, release }, options), bound);
  };
}

interface Place {
  readonly admission: Admission | undefined;
  readonly bound: PeerBound | undefined;
  readonly release: () => void;
}

function connect(
  call: SyncCall,
  { admission, bound, release }: Place,
  options: OpenStreamOptions,
): Connection {
  const { sidecars } = options;
  let id: string | undefined;
  const connection: Connection = new Connection({
    ...options,
    ...{ call, admission },
    onServing(name) {
      if (admission === undefined) return;
      id = name.id;
      sidecars.claim(connection, id);
    },
    onEnd() {
      sidecars.delete(connection, bound, id);
      release();
    },
  });
  return connection;
}

function tooOften(
  call: SyncCall,
  identity: PeerIdentity | undefined,
  bound: PeerBound | undefined,
  { bounds, refusals }: OpenStreamOptions,
): SidegateError | undefined {
  if (bound === undefined || bounds.take(bound)) return undefined;
  const error = new SidegateError("SG2103", `${bound.peer} opens streams too often`);
  refusals.report(bound.peer, error, { peer: call.getPeer(), user: identity?.user }, "Refused a peer");
  return error;
}

function tooMany(
  call: SyncCall,
  { sidecars, settings, refusals }: OpenStreamOptions,
): SidegateError | undefined {
  if (sidecars.size < settings.maxSidecars) return undefined;
  const error = new SidegateError("SG2103", `${sidecars.size} sidecars are connected`);
  // The trouble is this replica's and not the peer's, so the first one's is all that there is to say.
  refusals.report("whoever comes", error, { peer: call.getPeer() }, "Refused a peer");
  return error;
}

function end(call: SyncCall, error: SidegateError): void {
  call.emit("error", toStatus(error));
}
