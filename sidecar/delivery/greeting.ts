/** How long the first replica may take to answer a Hello. One that takes connections and does not answer is left soon. */
const BASE_MS = 4_000;
const GROWTH = 3;
/** The bound of all, without the spread. Below a minute, which a session only lasts that is of use. */
const MAX_MS = 30_000;

/**
 * How long a sidecar waits for the first message of a replica, in milliseconds: 4 to 6 s, 12 to 18 s after one that has not
 * answered, then 30 to 45 s. So an operator that a thousand sidecars come to at once gets the time to answer them, rather than
 * to greet those that have just left; and they do not all leave at the same instant.
 *
 * @param unanswered tries in a row before that got no answer, from 0
 * @param random a number from 0 up to but not including 1
 */
export function greetingMs(unanswered: number, random: number): number {
  return Math.min(MAX_MS, BASE_MS * GROWTH ** Math.min(unanswered, 30)) * (1 + random / 2);
}
