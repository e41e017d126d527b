import type { ServerDuplexStream } from "@grpc/grpc-js";
import type { Logger } from "pino";
import type { Clock } from "../../../host/clock.ts";
import type { SyncRequest } from "../../../proto/generated/delivery.js";
import type { RefusedPush } from "../../events/record-refusal.ts";
import type { Fleet } from "../../fleet/fleet.ts";
import type { Gate } from "../../identity/gate.ts";
import type { PeerIdentity } from "../../identity/peer-identity.ts";
import type { PolicyBook } from "../../policy-book.ts";
import type { Signer } from "../../trust/signer.ts";
import type { RefusalLog } from "../reception/refusal-log.ts";
import type { DeliverySettings } from "../settings.ts";
import type { SidecarName } from "./name-sidecar.ts";
import type { WakeSlots } from "./wake-slots.ts";

/** A sidecar's stream as grpc-js has it; messages to it are encoded already. */
export type SyncCall = ServerDuplexStream<SyncRequest, Buffer>;

/** Whose stream it is, and who lets it have domains. */
export interface Admission {
  readonly identity: PeerIdentity;
  readonly gate: Gate;
}

/** What all sidecars are served from, and who is told of what they say. */
export interface Supplies {
  readonly book: PolicyBook;
  readonly fleet: Fleet;
  readonly clock: Clock;
  /** Wakes all streams that have something to say at a time. */
  readonly wakes: WakeSlots;
  readonly settings: DeliverySettings;
  /** Undefined: what is said of policies is not signed. */
  readonly signer: Signer | undefined;
  /**
   * Called once a sidecar is among the fleet; no word about a policy goes to it before that resolves, so that nobody decides
   * who is not known. It must not reject. Absent: nobody needs to know.
   */
  readonly announce?: (() => Promise<void>) | undefined;
  /** Told when a sidecar has seen more than this replica. */
  readonly onBehind?: (() => void) | undefined;
  /** Told of each policy that a sidecar did not take. */
  readonly onRefusedPush?: ((refused: RefusedPush) => void) | undefined;
}

export interface ConnectionOptions extends Supplies {
  readonly call: SyncCall;
  readonly logger: Logger;
  readonly refusals: RefusalLog;
  /** Absent: delivery is not authenticated. */
  readonly admission?: Admission | undefined;
  /** Hello was accepted; before the sidecar joins the fleet. */
  readonly onServing: (name: SidecarName) => void;
  /** The connection is of no further use; once. */
  readonly onEnd: () => void;
}
