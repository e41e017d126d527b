/**
 * When the operator last said that the policy in use is the current one.
 *
 * Both clocks are kept because each misses something: the wall clock can be set back, the monotonic one may stand still
 * while the machine sleeps and starts again with the process.
 */
export interface Contact {
  /** Milliseconds since 1970, on this machine's wall clock. */
  readonly wall: number;
  /** The same instant on this process' monotonic clock, in milliseconds. */
  readonly now: number;
}

/** Whether decisions may be made by a policy. `ageMs` is Infinity where nobody ever said that it is current. */
export type Freshness =
  | { readonly fresh: true }
  | { readonly fresh: false; readonly because: "TooOld" | "ClockWentBack"; readonly ageMs: number };

export const FRESH: Freshness = Object.freeze({ fresh: true });

/**
 * How far the wall clock may lie before the last contact until that counts as going back, in milliseconds. A step of NTP
 * must not deny anything while the monotonic clock measures the age anyway.
 */
const STEP_MS = 1_000;

/**
 * When a message that says "this is current" counts as said: at its sending, so that one that lay in a buffer renews
 * nothing, and never later than its arrival, so that an operator whose clock is ahead gives no time away.
 *
 * @param issuedAt the operator's wall clock when it sent the message, milliseconds since 1970
 */
export function contactOf(issuedAt: number, wall: number, now: number): Contact {
  const at = Math.min(issuedAt, wall);
  return { wall: at, now: now - (wall - at) };
}

/** The time since a contact by the clock that says more, in milliseconds. */
export function ageOf(contact: Contact | undefined, wall: number, now: number): number {
  return contact === undefined ? Infinity : Math.max(wall - contact.wall, now - contact.now);
}

/**
 * Whether a policy is younger than its bound. A wall clock that went back counts as stale, because nobody can tell how
 * long the way back was.
 *
 * @param maxSeconds `staleness.maxSeconds` of the domain
 */
export function freshnessOf(
  contact: Contact | undefined,
  maxSeconds: number,
  wall: number,
  now: number,
): Freshness {
  const ageMs = ageOf(contact, wall, now);
  if (contact !== undefined && wall < contact.wall - STEP_MS) {
    return { fresh: false, because: "ClockWentBack", ageMs };
  }
  return ageMs < maxSeconds * 1_000 ? FRESH : { fresh: false, because: "TooOld", ageMs };
}
