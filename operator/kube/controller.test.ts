import { expect, test } from "vitest";
import { ManualClock, settle } from "../../test/support/manual-clock.ts";
import { Controller, type ControllerOptions } from "./controller.ts";
import { KubeError } from "./kube-error.ts";
import type { Item } from "./work-queue.ts";

/** A controller whose work is ended by the test. */
function setUp(options: Partial<ControllerOptions> = {}) {
  const clock = new ManualClock();
  const started: string[] = [];
  const errors: { key: string; waitMs: number }[] = [];
  const ends = new Map<string, { resolve: () => void; reject: (error: Error) => void }>();
  const controller = new Controller({
    clock,
    onError: (key, _error, waitMs) => errors.push({ key, waitMs }),
    reconcile: ({ key }: Item) => {
      started.push(key);
      return new Promise<void>((resolve, reject) => ends.set(key, { resolve, reject }));
    },
    ...options,
  });
  return {
    controller,
    clock,
    started,
    errors,
    end: async (key: string, error?: Error) => {
      if (error === undefined) ends.get(key)?.resolve();
      else ends.get(key)?.reject(error);
      await settle();
    },
  };
}

test("as many keys are worked on at once as there are workers", async () => {
  const { controller, clock, started, end } = setUp({ workers: 2 });
  for (const key of ["a", "b", "c"]) controller.add(key, "interactive");
  await clock.advance(0);
  expect(started).toEqual(["a", "b"]);
  await end("a");
  expect(started).toEqual(["a", "b", "c"]);
});

test("background work leaves workers for interactive keys", async () => {
  const { controller, clock, started } = setUp({ workers: 2, backgroundWorkers: 1 });
  for (const key of ["a", "b"]) controller.add(key, "background");
  await clock.advance(0);
  expect(started).toEqual(["a"]);
  controller.add("urgent", "interactive");
  await clock.advance(0);
  expect(started).toEqual(["a", "urgent"]);
});

test("what fails is tried again with growing waits, until it succeeds", async () => {
  const { controller, clock, started, errors, end } = setUp();
  controller.add("a", "interactive");
  for (const wait of [0, 5, 10]) {
    await clock.advance(wait);
    await end("a", new Error("not yet"));
  }
  await clock.advance(20);
  await end("a");
  expect(started).toHaveLength(4);
  expect(errors.map((error) => error.waitMs)).toEqual([5, 10, 20]);
  controller.add("a", "interactive");
  await clock.advance(0);
  await end("a", new Error("again"));
  expect(errors.at(-1)?.waitMs).toBe(5);
});

test("Retry-After is respected", async () => {
  const { controller, clock, started, end } = setUp();
  controller.add("a", "interactive");
  await clock.advance(0);
  await end("a", new KubeError(429, "TooManyRequests", "slow down", 3000));
  await clock.advance(2999);
  expect(started).toHaveLength(1);
  await clock.advance(1);
  expect(started).toHaveLength(2);
});

test("a reconcile that throws at once counts as failed", async () => {
  const { controller, clock, errors } = setUp({
    reconcile: () => {
      throw new Error("defect");
    },
  });
  controller.add("a", "interactive");
  await clock.advance(0);
  expect(errors).toEqual([{ key: "a", waitMs: 5 }]);
});

test("a long run of keys that need no waiting lets timers in between", async () => {
  const order: string[] = [];
  const { controller, clock } = setUp({ reconcile: async ({ key }) => void order.push(key) });
  for (let i = 0; i < 200; i++) controller.add(`key-${i}`, "background");
  clock.after(0, () => order.push("timer"));
  await clock.advance(0);
  expect(order).toHaveLength(201);
  expect(order.indexOf("timer")).toBeLessThan(100);
});

test("draining waits for the work under way and drops the rest", async () => {
  const { controller, clock, started, end } = setUp({ workers: 1 });
  controller.add("a", "interactive");
  controller.add("b", "interactive");
  await clock.advance(0);
  let isDrained = false;
  const drained = controller.drain().then(() => {
    isDrained = true;
  });
  await settle();
  expect(isDrained).toBe(false);
  await end("a", new Error("too late to try again"));
  await drained;
  controller.add("c", "interactive");
  await clock.advance(10_000);
  expect(started).toEqual(["a"]);
  expect(clock.waiting).toBe(0);
});
