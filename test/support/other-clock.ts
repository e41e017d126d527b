// Loaded before the main module of a process (node --import): its clocks run as many times as fast as the machine's as
// SIDEGATE_TEST_SPEED says, and its wall clock is SIDEGATE_TEST_AHEAD_MS ahead.
const speed = Number(process.env.SIDEGATE_TEST_SPEED ?? 1);
const aheadMs = Number(process.env.SIDEGATE_TEST_AHEAD_MS ?? 0);

const monotonic = performance.now.bind(performance);
const start = monotonic();
const startWall = Date.now() + aheadMs;
const elapsed = () => (monotonic() - start) * speed;

Object.defineProperty(performance, "now", { value: () => start + elapsed() });
globalThis.Date = class extends Date {
  constructor(...args: [] | [number | string]) {
    if (args.length === 0) super(startWall + elapsed());
    else super(...(args as [number]));
  }

  static override now(): number {
    return Math.floor(startWall + elapsed());
  }
} as DateConstructor;

const { setTimeout: original } = globalThis;
globalThis.setTimeout = Object.assign(
  (task: (...args: unknown[]) => void, ms = 0, ...args: unknown[]) => original(task, ms / speed, ...args),
  original,
) as typeof setTimeout;
