import { expect, test } from "vitest";
import { ManualClock } from "../../test/support/manual-clock.ts";
import { AwaitedReplicas } from "./awaited-replicas.ts";

/** A leader "a", with others that are named; reads of reports end when they are told to. */
function setUp(...names: string[]) {
  const clock = new ManualClock();
  let live = names;
  let change = () => {};
  const reads: { readonly succeed: () => void; readonly fail: () => void }[] = [];
  const others = {
    replicas: {
      live: () => live,
      isLive: (name: string) => live.includes(name),
      onChange: (listener: () => void) => {
        change = listener;
        return () => {};
      },
    },
    feed: {
      reports: () => [],
      subscribe: () => () => {},
      refresh: () =>
        new Promise<void>((succeed, reject) => void reads.push({ succeed, fail: () => reject(new Error()) })),
    },
  };
  const replicas = new AwaitedReplicas({ own: "a", others, clock, onChange: () => {} });
  replicas.start();
  const set = (...now: string[]) => {
    live = now;
    change();
  };
  const state = () => [[...replicas.live].sort(), replicas.isInformed];
  return { clock, replicas, reads, set, state };
}

test("a leader is informed once the reports were read in its term", async () => {
  const { clock, reads, state } = setUp("a", "b");
  expect(state()).toEqual([["a", "b"], false]);
  reads[0]?.fail();
  await clock.advance(1_000);
  expect([reads.length, ...state()]).toEqual([2, ["a", "b"], false]);
  reads[1]?.succeed();
  await clock.advance(0);
  expect(state()).toEqual([["a", "b"], true]);
});

test("a replica that came is waited for at once, one that is gone until its report was read since", async () => {
  const { clock, reads, set, state } = setUp("a", "b");
  reads[0]?.succeed();
  await clock.advance(0);
  set("a", "b", "c");
  expect([reads.length, ...state()]).toEqual([1, ["a", "b", "c"], true]);
  set("a", "c");
  expect([reads.length, ...state()]).toEqual([2, ["a", "b", "c"], true]);
  reads[1]?.succeed();
  await clock.advance(0);
  expect(state()).toEqual([["a", "c"], true]);
});

test("one that goes while reports are read is waited for until they were read once more", async () => {
  const { clock, reads, set, state } = setUp("a", "b", "c");
  reads[0]?.succeed();
  await clock.advance(0);
  set("a", "c");
  set("a");
  reads[1]?.succeed();
  await clock.advance(0);
  expect(state()).toEqual([["a", "c"], true]);
  reads[2]?.succeed();
  await clock.advance(0);
  expect(state()).toEqual([["a"], true]);
});

test("one that comes, or comes back, while reports are read is waited for after that", async () => {
  const { clock, reads, set, state } = setUp("a", "b");
  reads[0]?.succeed();
  await clock.advance(0);
  set("a");
  set("a", "b");
  set("a", "b", "c");
  reads[1]?.succeed();
  await clock.advance(0);
  expect([reads.length, ...state()]).toEqual([2, ["a", "b", "c"], true]);
});
