/** A tenth of the time is left for an answer to reach the caller before it gives up, at most this. In milliseconds. */
const MARGIN_MS = 100;

/**
 * Until when a call may wait, so that its caller still gets the error which says what was waited for.
 *
 * @param deadline when the caller gives up, in milliseconds since 1970; Infinity: never
 * @param wall now, in milliseconds since 1970
 */
export function answerBy(deadline: number, wall: number, marginMs = MARGIN_MS): number {
  return deadline - Math.min(marginMs, (deadline - wall) / 10);
}
