import { expect, test } from "vitest";
import { ManualClock } from "../../../test/support/manual-clock.ts";
import type { Connection } from "./connection.ts";
import { ConnectionSet } from "./connection-set.ts";

/** Sidecars, of which those in `busy` have a push under way that is never answered. */
function setUp(count: number, busy: ReadonlySet<number> = new Set()) {
  const clock = new ManualClock();
  const set = new ConnectionSet();
  const endedAt = new Map<number, number>();
  for (let index = 0; index < count; index++) {
    const end = () => {
      if (endedAt.has(index)) return;
      endedAt.set(index, clock.now());
      set.delete(connection);
    };
    const drain = () => {
      if (!busy.has(index)) end();
    };
    const connection = { drain, end } as unknown as Connection;
    set.add(connection);
  }
  const mostWithin = (ms: number) => {
    const times = [...endedAt.values()];
    return Math.max(...times.map((from) => times.filter((at) => at >= from && at < from + ms).length));
  };
  return { clock, set, endedAt, mostWithin };
}

test("a thousand sidecars are handed over within seconds, and never more than 210 in one", async () => {
  const { clock, set, endedAt, mostWithin } = setUp(1_000);
  const drained = set.drain(clock, 12_500);
  await clock.advance(5_000);
  await drained;
  expect(endedAt.size).toBe(1_000);
  expect(mostWithin(1_000)).toBeLessThanOrEqual(210);
});

test("a few are handed over at once", async () => {
  const { clock, set, endedAt } = setUp(10);
  await set.drain(clock, 12_500);
  expect([...endedAt.values()]).toEqual(Array.from({ length: 10 }, () => 0));
});

test("where time is short they go faster, and pushes under way have what is left of it", async () => {
  const { clock, set, endedAt } = setUp(1_000, new Set([0, 999]));
  const drained = set.drain(clock, 1_000);
  await clock.advance(1_000);
  await drained;
  expect(
    Math.max(...[...endedAt].filter(([index]) => index > 0 && index < 999).map(([, at]) => at)),
  ).toBeLessThan(801);
  expect([endedAt.get(0), endedAt.get(999)]).toEqual([1_000, 1_000]);
});

test("nobody is waited for where nobody is connected", async () => {
  const { clock, set } = setUp(0);
  await set.drain(clock, 1_000);
  expect(clock.waiting).toBe(0);
});
