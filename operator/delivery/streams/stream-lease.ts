/**
 * How long a sidecar's stream may live: until its token ends, and as long as it keeps the right to its domains, which is asked
 * about again and again. An answer that can not be had is no reason to end a stream.
 */
import { SidegateError } from "../../../engine/errors/sidegate-error.ts";
import type { Clock } from "../../../host/clock.ts";
import type { Gate } from "../../identity/gate.ts";
import type { PeerIdentity } from "../../identity/peer-identity.ts";

export interface StreamLeaseOptions {
  readonly identity: PeerIdentity;
  readonly domains: readonly string[];
  readonly gate: Gate;
  readonly clock: Clock;
  /** Between two questions about the rights, in milliseconds. */
  readonly recheckMs: number;
  /** The token is about to end: the stream should, as soon as the push under way is answered. */
  readonly onAged: (error: SidegateError) => void;
  /** The stream must end now. */
  readonly onLost: (error: SidegateError) => void;
}

/** How long before the end of the token a stream begins to end, in milliseconds. */
const FAREWELL_MS = 10_000;
/**
 * A token that the API server has just accepted lives for at least so long, whatever this machine's clock says, in
 * milliseconds. Without it a clock that runs ahead would end every stream at once.
 */
const MIN_LIFE_MS = 60_000;

/** Holds a stream to its token and its rights. */
export class StreamLease {
  readonly #options: StreamLeaseOptions;
  #ended = false;
  #cancelEnd: () => void = () => {};
  #cancelRecheck: () => void = () => {};

  constructor(options: StreamLeaseOptions) {
    this.#options = options;
    const { expiresAt } = options.identity;
    if (expiresAt !== undefined) this.#awaitEnd(expiresAt - options.clock.wallTime());
    this.#recheckLater();
  }

  stop(): void {
    this.#ended = true;
    this.#cancelEnd();
    this.#cancelRecheck();
  }

  #awaitEnd(claimedMs: number): void {
    const { clock, onAged, onLost } = this.#options;
    const lifeMs = Math.max(MIN_LIFE_MS, claimedMs);
    const aged = () => new SidegateError("SG2157", "the token of the stream ends");
    this.#cancelEnd = clock.after(lifeMs - FAREWELL_MS, () => {
      this.#cancelEnd = clock.after(FAREWELL_MS, () => onLost(aged()));
      onAged(aged());
    });
  }

  #recheckLater(): void {
    const { clock, recheckMs } = this.#options;
    this.#cancelRecheck = clock.after(recheckMs, () => void this.#recheck());
  }

  async #recheck(): Promise<void> {
    const { gate, identity, domains, onLost } = this.#options;
    try {
      for (const domain of domains) await gate.authorize(identity, domain);
    } catch (error) {
      if (this.#ended) return;
      if (error instanceof SidegateError && error.code === "SG2155") return onLost(error);
    }
    if (!this.#ended) this.#recheckLater();
  }
}
