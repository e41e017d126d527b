import { expect, test } from "vitest";
import { Turns } from "../turns.ts";
import { takePage } from "./take-page.ts";

/** Nothing is waited for. */
const loading = () => undefined;

const taking = (signal = new AbortController().signal) => {
  let time = 0;
  return { clock: { now: () => time++ }, turns: new Turns(), signal, loading };
};

test("A page has as many entries as it may, and says where to go on", async () => {
  const entries = ["a", undefined, "b", undefined, "c"];
  expect(await takePage(entries, 2, () => 1, taking())).toEqual({ entries: ["a", "b"], last: "b" });
  expect(await takePage(entries, 4, () => 1, taking())).toEqual({
    entries: ["a", "b", "c"],
    last: undefined,
  });
});

test("A page of long entries ends early, but has one at least", async () => {
  const entries = Array.from({ length: 1000 }, (_, entry) => entry);
  const { entries: taken, last } = await takePage(entries, 1000, () => 100 * 1024, taking());
  expect([taken.length, last]).toEqual([6, 5]);
  expect((await takePage(entries, 1000, () => 10 ** 9, taking())).entries).toEqual([0]);
});

test("It ends when the caller has gone, however many entries there are", async () => {
  const gone = new AbortController();
  function* endless(): Generator<undefined> {
    for (let count = 0; ; count++) {
      if (count === 100) gone.abort();
      yield undefined;
    }
  }
  await expect(takePage(endless(), 10, () => 1, taking(gone.signal))).rejects.toThrow(/abort/i);
});
