import type { Metadata } from "@grpc/grpc-js";
import { SidegateError } from "../../../engine/errors/sidegate-error.ts";
import type { Gate } from "../../identity/gate.ts";
import type { PeerIdentity } from "../../identity/peer-identity.ts";
import type { RefusalLog } from "./refusal-log.ts";
import { toStatus } from "./to-status.ts";
import type { WaitingConnections } from "./waiting-connections.ts";

/** A call of any kind that somebody wants to make, as grpc-js has it. */
export interface Caller {
  readonly metadata: Metadata;
  readonly cancelled: boolean;
  getPeer(): string;
  emit(event: "error", status: object): boolean;
}

/** How a call that is refused ends. */
type Refused = ReturnType<typeof toStatus>;

/** A call that was let in. */
export interface Admitted {
  /** Absent where delivery is not authenticated. */
  readonly identity: PeerIdentity | undefined;
  /** To be called when the call is over. */
  readonly release: () => void;
}

/**
 * Lets callers in: asks who they are and keeps their connection open while they are served. Nothing of a call is read before.
 */
export class Reception {
  readonly #gate: Gate | undefined;
  readonly #waiting: WaitingConnections;
  readonly #refusals: RefusalLog;

  constructor(gate: Gate | undefined, waiting: WaitingConnections, refusals: RefusalLog) {
    this.#gate = gate;
    this.#waiting = waiting;
    this.#refusals = refusals;
  }

  /**
   * What to end a call with before it is read; undefined for one that may go on, as those on the connection of a stream that
   * was let in: what they may is asked when they are read. Never rejects.
   *
   * @param peer "ADDRESS:PORT", as grpc-js names it
   */
  async screen(peer: string, metadata: Metadata): Promise<Refused | undefined> {
    if (this.#waiting.isServed(peer)) return undefined;
    const found = await this.#identify(peer, metadata);
    return "refused" in found ? found.refused : undefined;
  }

  /** Undefined when the caller has gone, or was refused, which it has been told then. Never rejects. */
  async admit(call: Caller): Promise<Admitted | undefined> {
    // Once the connection is gone, nobody knows whose it was.
    const peer = call.getPeer();
    // Known from the screening, as a rule.
    const found = await this.#identify(peer, call.metadata);
    if (call.cancelled) return undefined;
    if ("refused" in found) {
      call.emit("error", found.refused);
      return undefined;
    }
    return { identity: found.identity, release: this.#waiting.serve(peer) };
  }

  /**
   * Writes down that a caller sent what can not be read, which ended its call. Never rejects.
   *
   * @param details what was wrong, as grpc-js says it
   */
  async unreadable(peer: string, metadata: Metadata, details: string): Promise<void> {
    const identity = await this.#gate?.identify(metadata.get("authorization")).catch(() => undefined);
    const error = new SidegateError("SG2006", details);
    const { user, pod } = identity ?? {};
    const who = pod?.uid ?? user ?? addressOf(peer);
    const facts = { peer, user, ...(pod && { pod: `${pod.namespace}/${pod.name}` }) };
    this.#refusals.report(who, error, facts, "A peer sent what can not be read");
  }

  async #identify(
    peer: string,
    metadata: Metadata,
  ): Promise<{ identity: PeerIdentity | undefined } | { refused: Refused }> {
    const answered = this.#waiting.ask(peer);
    if (answered === undefined) return { refused: toStatus(new SidegateError("SG2160", "too many streams")) };
    try {
      return { identity: await this.#gate?.identify(metadata.get("authorization")) };
    } catch (error) {
      this.#refusals.report(addressOf(peer), error, { peer }, "Refused a peer");
      this.#waiting.refuse(peer);
      return { refused: toStatus(error) };
    } finally {
      answered();
    }
  }
}

function addressOf(peer: string): string {
  return peer.replace(/:\d+$/, "");
}
