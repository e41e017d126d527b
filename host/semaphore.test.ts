import { expect, test } from "vitest";
import { Semaphore } from "./semaphore.ts";

const settle = () => new Promise((resolve) => setImmediate(resolve));

test("no more than the given number run at a time, in the order in which they came", async () => {
  const semaphore = new Semaphore(2);
  const started: number[] = [];
  const ends: (() => void)[] = [];
  const tasks = [0, 1, 2, 3].map((task) =>
    semaphore.run(() => {
      started.push(task);
      return new Promise<void>((resolve) => ends.push(resolve));
    }),
  );
  await settle();
  expect(started).toEqual([0, 1]);
  ends[1]?.();
  await settle();
  expect(started).toEqual([0, 1, 2]);
  ends[0]?.();
  await settle();
  expect(started).toEqual([0, 1, 2, 3]);
  ends[2]?.();
  ends[3]?.();
  await Promise.all(tasks);
});

test("a task that fails gives its place on", async () => {
  const semaphore = new Semaphore(1);
  const failed = semaphore.run(() => Promise.reject(new Error("no")));
  const next = semaphore.run(async () => "done");
  await expect(failed).rejects.toThrow("no");
  await expect(next).resolves.toBe("done");
  await expect(semaphore.run(async () => "again")).resolves.toBe("again");
});
