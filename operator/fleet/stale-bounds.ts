import { compareResourceVersions } from "../../engine/model/position.ts";

interface Bound {
  readonly seconds: number;
  /** What a sidecar must have read of AccessDomains to have the bound that came after this one; undefined: none has. */
  readonly supersededAt: string | undefined;
  /** On the monotonic clock. */
  readonly until: number;
}

/**
 * How long sidecars of a domain may go on without a word. A bound that was lowered counts on for whoever has not read the
 * lower one, and at most for as long as it was.
 */
export class StaleBounds {
  readonly #bounds = new Map<string, Bound[]>();

  /** Takes over how long an earlier process of this name has waited: whoever has not read a lower bound since goes by it. */
  inherit(domain: string, seconds: number): void {
    const known = this.#bounds.get(domain) ?? [];
    if (known.every((bound) => bound.seconds < seconds))
      this.#bounds.set(domain, [{ seconds, supersededAt: undefined, until: Number.POSITIVE_INFINITY }]);
  }

  /**
   * The longest bound that counts, in seconds.
   *
   * @param seconds the present one
   * @param position how far AccessDomains have been read here, and the least that a sidecar has read of them
   * @param now on the monotonic clock, in milliseconds
   */
  longest(
    domain: string,
    seconds: number,
    position: { readonly read: string; readonly least: string },
    now: number,
  ): number {
    const before = (this.#bounds.get(domain) ?? []).map(
      (bound): Bound =>
        bound.supersededAt === undefined && bound.seconds !== seconds
          ? { ...bound, supersededAt: position.read, until: now + bound.seconds * 1000 }
          : bound,
    );
    const bounds = before.filter(({ until }) => until > now);
    if (bounds.at(-1)?.supersededAt !== undefined || bounds.length === 0) {
      bounds.push({ seconds, supersededAt: undefined, until: Number.POSITIVE_INFINITY });
    }
    this.#bounds.set(domain, bounds);
    const counting = bounds.filter(
      ({ supersededAt }) =>
        supersededAt === undefined || compareResourceVersions(position.least, supersededAt) < 0,
    );
    return Math.max(...counting.map((bound) => bound.seconds));
  }
}
