import type { Clock } from "../../host/clock.ts";

/** A clock that runs `speed` times as fast as the machine's, for tests of real connections with long waits. */
export function createFastClock(speed: number): Clock {
  const start = { real: performance.now(), wall: Date.now() };
  const elapsed = () => (performance.now() - start.real) * speed;
  return {
    now: elapsed,
    wallTime: () => start.wall + elapsed(),
    after(ms, task) {
      const timer = setTimeout(task, Math.max(0, ms) / speed);
      return () => clearTimeout(timer);
    },
  };
}
