import { setImmediate } from "node:timers/promises";
import { expect, test } from "vitest";
import { Turns } from "./turns.ts";

test("The event loop goes round between any two slices, and those who wait come in their order", async () => {
  const turns = new Turns();
  const slices: string[] = [];
  let rounds = 0;
  const work = async (name: string) => {
    for (let slice = 0; slice < 3; slice++) {
      await turns.next();
      slices.push(`${name}${slice}`);
    }
  };
  let done = false;
  const all = Promise.all(["a", "b", "c"].map(work)).then(() => {
    done = true;
  });
  for (; !done; rounds++) await setImmediate();
  await all;
  expect(slices).toEqual(["a0", "b0", "c0", "a1", "b1", "c1", "a2", "b2", "c2"]);
  expect(rounds).toBeGreaterThanOrEqual(9);
});
