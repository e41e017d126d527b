import type { PageTaking } from "./lists/take-page.ts";

/** How long a call may keep others waiting at a stretch, in milliseconds. */
const SLICE_MS = 2;

/** Does work that yields now and then, in slices that let other calls in between. Rejects when the caller has gone. */
export async function inTurns<Result>(
  work: Iterator<undefined, Result>,
  { clock, turns, signal, loading }: PageTaking,
): Promise<Result> {
  await turns.next();
  let sliceEnd = clock.now() + SLICE_MS;
  for (;;) {
    const { done, value } = work.next();
    if (done) return value;
    const awaited = loading();
    if (awaited !== undefined) await awaited;
    if (clock.now() <= sliceEnd) continue;
    await turns.next();
    signal.throwIfAborted();
    sliceEnd = clock.now() + SLICE_MS;
  }
}
