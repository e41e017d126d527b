/** How long to wait between attempts, in milliseconds. */
export interface BackoffSettings {
  /** The bound of the first wait. */
  readonly baseMs: number;
  /** The bound of every wait. */
  readonly maxMs: number;
}

/**
 * The wait before the next attempt: evenly spread between nothing and a bound that doubles with each failure, so that
 * many sidecars which lose an operator at once do not come back at once ("full jitter").
 *
 * @param failures attempts in a row that failed before, from 0
 * @param random a number from 0 up to but not including 1
 */
export function backoffMs(failures: number, random: number, { baseMs, maxMs }: BackoffSettings): number {
  return random * Math.min(maxMs, baseMs * 2 ** Math.min(failures, 30));
}
