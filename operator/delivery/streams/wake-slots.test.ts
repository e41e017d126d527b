import { expect, test } from "vitest";
import { ManualClock } from "../../../test/support/manual-clock.ts";
import { SLOT_MS, WakeSlots } from "./wake-slots.ts";

function setUp() {
  const clock = new ManualClock();
  const slots = new WakeSlots(clock);
  const woken: { readonly who: string; readonly at: number }[] = [];
  const sleeper = (who: string) => ({ wake: () => void woken.push({ who, at: clock.now() }) });
  return { clock, slots, woken, sleeper };
}

test("Those whose times are close wake together, by one timer, none before his time", async () => {
  const { clock, slots, woken, sleeper } = setUp();
  slots.add(sleeper("a"), SLOT_MS + 1);
  slots.add(sleeper("b"), 2 * SLOT_MS - 3.5);
  slots.add(sleeper("c"), 2 * SLOT_MS);
  expect(clock.waiting).toBe(1);
  await clock.advance(1_000);
  expect(woken).toEqual(["a", "b", "c"].map((who) => ({ who, at: 2 * SLOT_MS })));
});

test("Who is removed is not woken, and with the last one goes the timer", async () => {
  const { clock, slots, woken, sleeper } = setUp();
  const [a, b] = [sleeper("a"), sleeper("b")];
  const slot = slots.add(a, 10);
  slots.add(b, 11);
  slots.remove(a, slot);
  expect(clock.waiting).toBe(1);
  slots.remove(b, slot);
  slots.remove(b, slot);
  expect(clock.waiting).toBe(0);
  await clock.advance(1_000);
  expect(woken).toEqual([]);
});

test("A time that has passed is now, and whoever is woken may be added again", async () => {
  const { clock, slots, woken } = setUp();
  await clock.advance(500);
  const sleeper = {
    wake() {
      woken.push({ who: "a", at: clock.now() });
      if (woken.length < 3) slots.add(sleeper, clock.now() + SLOT_MS);
    },
  };
  slots.add(sleeper, 100);
  await clock.advance(1_000);
  expect(woken.map(({ at }) => at)).toEqual([500, 500 + SLOT_MS, 500 + 2 * SLOT_MS]);
});
