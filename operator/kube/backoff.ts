/** Options of a back-off; all times in milliseconds. */
export interface BackoffOptions {
  /** The first wait. Default 800. */
  readonly firstMs?: number;
  /** The longest wait, before jitter. Default 30,000. */
  readonly maxMs?: number;
  /** A wait is stretched by up to this share of it. Default 1: between once and twice. */
  readonly jitter?: number;
  /** After this long without a failure the next wait is the first one again. Default 120,000. */
  readonly resetMs?: number;
  readonly now: () => number;
  /** Uniform in [0, 1). */
  readonly random: () => number;
}

/** Waits that double with each failure, as client-go's reflector has them. */
export class Backoff {
  readonly #options: Required<BackoffOptions>;
  #failures = 0;
  #lastAt = Number.NEGATIVE_INFINITY;

  constructor(options: BackoffOptions) {
    this.#options = { firstMs: 800, maxMs: 30_000, jitter: 1, resetMs: 120_000, ...options };
  }

  /** Milliseconds to wait after a failure that happens now. */
  next(): number {
    const { firstMs, maxMs, jitter, resetMs, now, random } = this.#options;
    if (now() - this.#lastAt > resetMs) this.#failures = 0;
    this.#lastAt = now();
    // 2^30 times the first wait is beyond any maximum.
    const wait = Math.min(maxMs, firstMs * 2 ** Math.min(this.#failures++, 30));
    return wait * (1 + jitter * random());
  }
}
