import type { Clock } from "../../../host/clock.ts";
import type { Turns } from "../turns.ts";

/** How long a list may keep other calls waiting at a stretch, in milliseconds. */
const SLICE_MS = 2;

/** Characters after which a page ends early, so that it stays below the 4 MiB that most clients take. */
const PAGE_LENGTH = 512 * 1024;

export interface Page<Entry> {
  readonly entries: readonly Entry[];
  /** The last entry, if there may be more; undefined: the list has ended. */
  readonly last: Entry | undefined;
}

/** What taking a page may use of the process. */
export interface PageTaking {
  readonly clock: Pick<Clock, "now">;
  readonly turns: Turns;
  /** Aborts when the caller has gone. */
  readonly signal: AbortSignal;
  /** Loads what work that has just paused is waiting for, if anything. */
  readonly loading: () => Promise<void> | undefined;
}

/**
 * Takes entries, in slices that let other calls in between. Rejects when the caller has gone.
 *
 * @param entries undefined where it is time to look at the clock
 * @param lengthOf about how many characters an entry takes
 */
export async function takePage<Entry>(
  entries: Iterable<Entry | undefined>,
  size: number,
  lengthOf: (entry: Entry) => number,
  { clock, turns, signal, loading }: PageTaking,
): Promise<Page<Entry>> {
  const taken: Entry[] = [];
  let length = 0;
  await turns.next();
  let sliceEnd = clock.now() + SLICE_MS;
  for (const entry of entries) {
    if (entry !== undefined) {
      taken.push(entry);
      length += lengthOf(entry);
      if (taken.length === size || length >= PAGE_LENGTH) return { entries: taken, last: entry };
    } else {
      const awaited = loading();
      if (awaited !== undefined) await awaited;
    }
    if (clock.now() > sliceEnd) {
      await turns.next();
      signal.throwIfAborted();
      sliceEnd = clock.now() + SLICE_MS;
    }
  }
  return { entries: taken, last: undefined };
}
