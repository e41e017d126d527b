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

/** Milliseconds since 1970. `Date.parse` drops what is finer than a millisecond, so that is added again. */
function milliseconds(instant: string): number {
  const finer = /\.\d{3}(\d{1,6})/.exec(instant)?.[1];
  return Date.parse(instant) + (finer === undefined ? 0 : Number(`0.${finer}`));
}
