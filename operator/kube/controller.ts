import type { Clock } from "../../host/clock.ts";
import { KubeError } from "./kube-error.ts";
import { RetryLimits } from "./rate-limits.ts";
import { type Item, type Lane, WorkQueue } from "./work-queue.ts";

export interface ControllerOptions {
  /** Brings the world closer to what the key's object asks for; a rejection means: try again later. */
  readonly reconcile: (item: Item) => Promise<void>;
  /** Told of each rejection, with the wait before the next try. */
  readonly onError: (key: string, error: unknown, waitMs: number) => void;
  readonly clock: Clock;
  /** Keys worked on at once. Default 16. */
  readonly workers?: number;
  /** Of these, at most so many background ones, so that an interactive key always finds a worker. Default 8. */
  readonly backgroundWorkers?: number;
}

/** Keys handled in a row before timers and sockets get their turn. */
const TURN = 64;

/** Works a queue of keys off with a number of workers, trying again what fails. */
export class Controller {
  readonly #options: Required<ControllerOptions>;
  readonly #queue = new WorkQueue();
  readonly #retries: RetryLimits;
  readonly #timers = new Set<() => void>();
  readonly #stop = new AbortController();
  #background = 0;
  #inTurn = 0;
  #isPumpDue = false;
  #onIdle: (() => void) | undefined;

  constructor(options: ControllerOptions) {
    this.#options = { workers: 16, backgroundWorkers: 8, ...options };
    this.#retries = new RetryLimits(() => options.clock.now());
  }

  /** How many keys wait or are worked on; those that wait for another try are not counted. */
  get pending(): number {
    return this.#queue.length + this.#queue.processing;
  }

  add(key: string, lane: Lane): void {
    if (this.#stop.signal.aborted) return;
    this.#queue.add(key, lane);
    this.#schedule();
  }

  /** Takes no more keys and resolves when the work under way is done; what waits is dropped. */
  async drain(): Promise<void> {
    this.#stop.abort();
    for (const cancel of this.#timers) cancel();
    this.#timers.clear();
    if (this.#queue.processing === 0) return;
    await new Promise<void>((resolve) => {
      this.#onIdle = resolve;
    });
  }

  /** Keys added in one go are first all added, then worked on, and long runs of them let others in between. */
  #schedule(): void {
    if (this.#isPumpDue) return;
    this.#isPumpDue = true;
    this.#after(0, () => {
      this.#isPumpDue = false;
      this.#inTurn = 0;
      this.#pump();
    });
  }

  #pump(): void {
    const { workers, backgroundWorkers } = this.#options;
    while (!this.#stop.signal.aborted && this.#queue.processing < workers) {
      if (this.#inTurn >= TURN) {
        this.#schedule();
        return;
      }
      const item = this.#queue.take(this.#background >= backgroundWorkers ? "interactive" : undefined);
      if (item === undefined) return;
      this.#inTurn++;
      void this.#work(item);
    }
  }

  async #work(item: Item): Promise<void> {
    const { key, lane } = item;
    if (lane === "background") this.#background++;
    try {
      await this.#options.reconcile(item);
      this.#retries.forget(key);
    } catch (error) {
      this.#retryLater(item, error);
    }
    if (lane === "background") this.#background--;
    this.#queue.done(key);
    if (this.#stop.signal.aborted && this.#queue.processing === 0) this.#onIdle?.();
    this.#pump();
  }

  #retryLater({ key, lane }: Item, error: unknown): void {
    if (this.#stop.signal.aborted) return;
    const asked = error instanceof KubeError ? (error.retryAfterMs ?? 0) : 0;
    const waitMs = Math.max(this.#retries.next(key), asked);
    this.#options.onError(key, error, waitMs);
    this.#after(waitMs, () => this.add(key, lane));
  }

  #after(ms: number, task: () => void): void {
    const cancel = this.#options.clock.after(ms, () => {
      this.#timers.delete(cancel);
      task();
    });
    this.#timers.add(cancel);
  }
}
