/** Time as operator and sidecar see it; passed in, so that tests turn it by hand. */
export interface Clock {
  /** Milliseconds of a monotonic clock, for durations. */
  now(): number;
  /** Milliseconds since 1970-01-01 UTC, for decisions and for what is written down. */
  wallTime(): number;
  /** Calls `task` once after `ms` milliseconds, soon if they are negative; returns the function that cancels it. */
  after(ms: number, task: () => void): () => void;
}

/** The clock of the machine. Only a main or the CLI makes one. */
export function createSystemClock(): Clock {
  return {
    now: () => performance.now(),
    wallTime: () => Date.now(),
    after(ms, task) {
      // What was to come at an instant that has just passed. Node warns of negative times on standard error.
      const timer = setTimeout(task, Math.max(0, ms));
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
