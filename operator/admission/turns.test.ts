import { expect, test } from "vitest";
import { Turns } from "./turns.ts";

const never = () => new Promise<void>(() => {});
const done = async () => "done";

test("A crowd of one party that never ends keeps no other party waiting", async () => {
  const turns = new Turns(4, 2);
  for (let count = 0; count < 100; count++) void turns.run("loud", never);
  expect(await turns.run("quiet", done)).toBe("done");
});

test("All parties together are limited", async () => {
  const turns = new Turns(2, 2);
  let end = () => {};
  void turns.run("a", () => new Promise<void>((resolve) => (end = resolve)));
  void turns.run("b", never);
  let isDone = false;
  const third = turns.run("c", done).then(() => (isDone = true));
  await Promise.resolve();
  expect(isDone).toBe(false);
  end();
  await third;
  expect(isDone).toBe(true);
});

test("A task that fails gives its turn back", async () => {
  const turns = new Turns(1, 1);
  await expect(turns.run("a", () => Promise.reject(new Error("no")))).rejects.toThrow("no");
  expect(await turns.run("a", done)).toBe("done");
});
