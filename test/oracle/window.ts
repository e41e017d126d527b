/** Section 4.3: "`notBefore <= now < expiresAt`". What is not given does not bound. */
export function isInWindow(
  spec: { readonly notBefore?: string; readonly expiresAt?: string },
  now: number,
): boolean {
  return (
    (spec.notBefore === undefined || milliseconds(spec.notBefore) <= now) && isBefore(now, spec.expiresAt)
  );
}

/** Whether `now` is before an instant; undefined: there is none, so always. */
export function isBefore(now: number, instant: string | undefined): boolean {
  return instant === undefined || now < milliseconds(instant);
}

/**
 * Milliseconds since 1970, rounded up: `now` is whole, so it is before an instant, or at it, as it is to the next whole
 * millisecond. `Date.parse` drops what is finer.
 */
export function milliseconds(instant: string): number {
  const isFiner = /\.\d{3}\d*[1-9]/.test(instant);
  return Date.parse(instant) + (isFiner ? 1 : 0);
}
