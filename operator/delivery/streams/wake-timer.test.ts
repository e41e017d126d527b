import { expect, test } from "vitest";
import { ManualClock } from "../../../test/support/manual-clock.ts";
import { WakeSlots } from "./wake-slots.ts";
import { WakeTimer } from "./wake-timer.ts";

function setUp() {
  const clock = new ManualClock();
  const woken: number[] = [];
  const start = clock.now();
  const timer = new WakeTimer(new WakeSlots(clock), () => woken.push(clock.now() - start));
  return { clock, woken, timer, setAt: (ms: number) => timer.setAt(start + ms) };
}

test("It wakes once, at the time that it was set to", async () => {
  const { clock, woken, setAt } = setUp();
  setAt(20);
  await clock.advance(100);
  expect(woken).toEqual([20]);
});

test("Set to earlier, it wakes earlier, and not a second time", async () => {
  const { clock, woken, setAt } = setUp();
  setAt(60);
  setAt(40);
  await clock.advance(100);
  expect(woken).toEqual([40]);
});

test("Set to later again and again, it takes no further timer and wakes too early", async () => {
  const { clock, woken, setAt } = setUp();
  setAt(20);
  for (let ms = 21; ms < 1_000; ms++) setAt(ms);
  await clock.advance(1_000);
  expect(woken).toEqual([20]);
});

test("It is set again by whom it wakes", async () => {
  const clock = new ManualClock();
  let times = 0;
  const timer = new WakeTimer(new WakeSlots(clock), () => {
    times++;
    if (times < 3) timer.setAt(clock.now() + 10);
  });
  timer.setAt(clock.now() + 10);
  await clock.advance(100);
  expect(times).toBe(3);
});

test("It never wakes for what never comes, nor after it was stopped", async () => {
  const { clock, woken, timer, setAt } = setUp();
  setAt(Number.POSITIVE_INFINITY);
  setAt(20);
  timer.stop();
  await clock.advance(100);
  expect(woken).toEqual([]);
  setAt(200);
  await clock.advance(200);
  expect(woken).toEqual([200]);
});
