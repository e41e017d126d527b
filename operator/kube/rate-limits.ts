/** A bucket of tokens that fills steadily. Taking may overdraw it: the debt is the time to wait. */
export class TokenBucket {
  readonly #perSecond: number;
  readonly #burst: number;
  readonly #now: () => number;
  #tokens: number;
  #at: number;

  constructor(perSecond: number, burst: number, now: () => number) {
    this.#perSecond = perSecond;
    this.#burst = burst;
    this.#now = now;
    this.#tokens = burst;
    this.#at = now();
  }

  /** Takes a token and returns how many milliseconds to wait before using it. */
  reserve(): number {
    this.#fill();
    this.#tokens -= 1;
    return this.#tokens >= 0 ? 0 : (-this.#tokens / this.#perSecond) * 1000;
  }

  /** Takes a token if there is one. */
  tryTake(): boolean {
    this.#fill();
    if (this.#tokens < 1) return false;
    this.#tokens -= 1;
    return true;
  }

  #fill(): void {
    const now = this.#now();
    this.#tokens = Math.min(this.#burst, this.#tokens + ((now - this.#at) / 1000) * this.#perSecond);
    this.#at = now;
  }
}

/**
 * When a failed key is tried again, as client-go's default controller rate limiter has it: the longer of 5 ms times 2^n
 * for the n-th failure of the key in a row, up to 1000 s, and of a bucket of 10 a second with a burst of 100 over all.
 */
export class RetryLimits {
  readonly #failures = new Map<string, number>();
  readonly #bucket: TokenBucket;

  constructor(now: () => number) {
    this.#bucket = new TokenBucket(10, 100, now);
  }

  /** Milliseconds until the key may be tried again, having failed now. */
  next(key: string): number {
    const failures = this.#failures.get(key) ?? 0;
    this.#failures.set(key, failures + 1);
    const own = Math.min(1_000_000, 5 * 2 ** Math.min(failures, 30));
    return Math.max(own, this.#bucket.reserve());
  }

  forget(key: string): void {
    this.#failures.delete(key);
  }
}
