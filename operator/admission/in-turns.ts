import { type Clock, pause } from "../../host/clock.ts";

/** Milliseconds of work without letting others in between. */
const SLICE_MS = 10;

/**
 * Does work that yields now and then, one slice in each turn of the event loop.
 *
 * @throws when the signal is aborted before the work is done
 */
export async function inTurns<T>(
  work: Iterator<undefined, T>,
  clock: Clock,
  signal: AbortSignal,
): Promise<T> {
  signal.throwIfAborted();
  let until = clock.now() + SLICE_MS;
  for (;;) {
    const { done, value } = work.next();
    if (done) return value;
    if (clock.now() < until) continue;
    await pause(clock, 0, signal);
    signal.throwIfAborted();
    until = clock.now() + SLICE_MS;
  }
}
