import type { Clock } from "../../../host/clock.ts";
import type { Instant } from "../push/domain-push.ts";
import { encodeHeartbeat } from "../push/messages.ts";
import { type ByteStream, StreamWriter } from "./stream-writer.ts";
import type { WakeSlots } from "./wake-slots.ts";
import { WakeTimer } from "./wake-timer.ts";

export interface OutboxOptions {
  readonly stream: ByteStream;
  readonly clock: Clock;
  readonly wakes: WakeSlots;
  /** The longest time without a message, in milliseconds. */
  readonly heartbeatMs: number;
  /** The next message, or when there may be one, on the monotonic clock; Infinity: when something changes. */
  readonly next: (at: Instant) => Buffer | number;
}

/**
 * Writes to one sidecar: messages are made one by one, as the stream takes them, from what is current then. So a sidecar
 * that reads slowly costs one policy's reference and what StreamWriter buffers, and no other sidecar's time. Where there is
 * nothing to say for long, that is said.
 */
export class Outbox {
  readonly #options: OutboxOptions;
  readonly #writer: StreamWriter;
  readonly #wake: WakeTimer;
  #writtenAt = 0;
  #isPumping = false;
  #isStopped = false;

  constructor(options: OutboxOptions) {
    this.#options = options;
    this.#writer = new StreamWriter(options.stream, () => this.pump());
    this.#wake = new WakeTimer(options.wakes, () => this.pump());
  }

  /** Says that somebody is there, whatever else there is to say. */
  greet(): void {
    this.#write(encodeHeartbeat(this.#options.heartbeatMs));
  }

  /** Writes whatever is due, as far as the stream takes it. Call it whenever something may have come to be due. */
  pump(): void {
    if (this.#isPumping) return;
    this.#isPumping = true;
    while (!this.#isStopped && this.#writer.hasRoom) {
      const next = this.#nextMessage();
      if (typeof next === "number") {
        this.#wake.setAt(next);
        break;
      }
      this.#write(next);
    }
    this.#isPumping = false;
  }

  /** Writes nothing any more. */
  stop(): void {
    this.#isStopped = true;
    this.#wake.stop();
  }

  #nextMessage(): Buffer | number {
    const { clock, heartbeatMs } = this.#options;
    const at = { now: clock.now(), wall: clock.wallTime() };
    const next = this.#options.next(at);
    if (typeof next !== "number") return next;
    const until = Math.min(next, this.#writtenAt + heartbeatMs);
    return at.now < until ? until : encodeHeartbeat(heartbeatMs);
  }

  #write(bytes: Buffer): void {
    this.#writtenAt = this.#options.clock.now();
    this.#writer.write(bytes);
  }
}
