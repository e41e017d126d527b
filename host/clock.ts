/** Time as operator and sidecar see it; passed in, so that tests turn it by hand. */
export interface Clock {
  /** Milliseconds of a monotonic clock, for durations. */
  now(): number;
  /** Milliseconds since 1970-01-01 UTC, for decisions and for what is written down. */
  wallTime(): number;
  /** Calls `task` once after `ms` milliseconds, soon if they are negative; returns the function that cancels it. */
  after(ms: number, task: () => void): () => void;
}

/** Some 25 days. Node ends a longer timer at once. */
const LONGEST_TIMER_MS = 2 ** 31 - 1;

/** The clock of the machine. Only a main or the CLI makes one. */
export function createSystemClock(): Clock {
  return {
    now: () => performance.now(),
    wallTime: () => Date.now(),
    after(ms, task) {
      let timer: NodeJS.Timeout;
      const wait = (restMs: number) => {
        const isLast = restMs <= LONGEST_TIMER_MS;
        const next = isLast ? task : () => wait(restMs - LONGEST_TIMER_MS);
        // What was to come at an instant that has just passed. Node warns of negative times on standard error.
        timer = setTimeout(next, isLast ? Math.max(0, restMs) : LONGEST_TIMER_MS);
      };
      wait(ms);
      return () => clearTimeout(timer);
    },
  };
}

/** Resolves after `ms`, or at once when `signal` is aborted; never rejects. */
export function pause(clock: Clock, ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) return resolve();
    const end = () => {
      cancel();
      signal.removeEventListener("abort", end);
      resolve();
    };
    const cancel = clock.after(ms, end);
    signal.addEventListener("abort", end);
  });
}
