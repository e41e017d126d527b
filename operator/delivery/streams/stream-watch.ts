import { SidegateError } from "../../../engine/errors/sidegate-error.ts";
import type { Clock } from "../../../host/clock.ts";

export interface StreamWatchOptions {
  readonly clock: Clock;
  /** How often each side should say something, in milliseconds. */
  readonly heartbeatMs: number;
  /** A domain whose push stands still. */
  readonly stalled: (now: number) => string | undefined;
  /** The stream is of no use any more. */
  readonly onDead: (error: SidegateError) => void;
}

const SILENT_TICKS = 3;

/**
 * Finds streams on which nothing comes, or a push stands still. By ticks rather than a deadline: after a pause of this
 * process, what came in meanwhile is read before it counts.
 */
export class StreamWatch {
  readonly #options: StreamWatchOptions;
  #seenAt: number;
  #hasHeard = false;
  #silentTicks = 0;
  #cancel: () => void = () => {};

  constructor(options: StreamWatchOptions) {
    this.#options = options;
    this.#seenAt = options.clock.now();
  }

  /** When the last message came, on the monotonic clock; before the first, when the stream began. */
  get seenAt(): number {
    return this.#seenAt;
  }

  /** A message came. */
  heard(): void {
    this.#hasHeard = true;
    this.#seenAt = this.#options.clock.now();
  }

  start(): void {
    const { clock, heartbeatMs } = this.#options;
    this.#cancel = clock.after(heartbeatMs, () => this.#tick());
  }

  stop(): void {
    this.#cancel();
  }

  #tick(): void {
    const { clock, heartbeatMs, stalled, onDead } = this.#options;
    this.#silentTicks = this.#hasHeard ? 0 : this.#silentTicks + 1;
    this.#hasHeard = false;
    const domain = stalled(clock.now());
    if (this.#silentTicks >= SILENT_TICKS) {
      onDead(new SidegateError("SG2104", `no message for ${SILENT_TICKS * heartbeatMs} ms`));
    } else if (domain !== undefined) {
      onDead(new SidegateError("SG2104", `domain "${domain}": a push stood still`));
    } else this.start();
  }
}
