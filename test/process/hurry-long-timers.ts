// Loaded before the main module of a process (node --import): timers of two minutes and more run sixty times as fast. These
// are the ones that notice that nothing happens any more; what waits for an answer keeps its time.
const LONG_MS = 120_000;
const FACTOR = 60;

const { setTimeout: original } = globalThis;

globalThis.setTimeout = Object.assign(
  (task: (...args: unknown[]) => void, ms = 0, ...args: unknown[]) =>
    original(task, ms >= LONG_MS ? ms / FACTOR : ms, ...args),
  original,
) as typeof setTimeout;
