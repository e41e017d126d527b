/**
 * How long sidecars of a domain may go on without a word. A bound that was lowered counts on for as long as it was: so long
 * may somebody decide by a policy that still has it.
 */
export class StaleBounds {
  /** By domain, bounds with their end on the monotonic clock; the present one, without an end, is the last. */
  readonly #bounds = new Map<string, { readonly seconds: number; readonly until: number }[]>();

  /** The longest bound that counts. @param seconds the present one @param now on the monotonic clock, in milliseconds */
  longest(domain: string, seconds: number, now: number): number {
    const before = this.#bounds.get(domain) ?? [];
    const bounds = before
      .map((bound) =>
        bound.until === Number.POSITIVE_INFINITY && bound.seconds !== seconds
          ? { ...bound, until: now + bound.seconds * 1000 }
          : bound,
      )
      .filter(({ until }) => until > now);
    if (bounds.at(-1)?.until !== Number.POSITIVE_INFINITY)
      bounds.push({ seconds, until: Number.POSITIVE_INFINITY });
    this.#bounds.set(domain, bounds);
    return Math.max(...bounds.map((bound) => bound.seconds));
  }
}
