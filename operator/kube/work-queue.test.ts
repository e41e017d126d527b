import fc from "fast-check";
import { expect, test } from "vitest";
import { WorkQueue } from "./work-queue.ts";

test("keys come out in the order in which they were first added", () => {
  const queue = new WorkQueue();
  for (const key of ["b", "a", "b", "c"]) queue.add(key, "interactive");
  expect([queue.take()?.key, queue.take()?.key, queue.take()?.key, queue.take()]).toEqual([
    "b",
    "a",
    "c",
    undefined,
  ]);
});

test("a key that is added while it is worked on comes again, once, when that is done", () => {
  const queue = new WorkQueue();
  queue.add("a", "interactive");
  queue.take();
  queue.add("a", "interactive");
  queue.add("a", "interactive");
  expect(queue.take()).toBeUndefined();
  queue.done("a");
  expect(queue.take()?.key).toBe("a");
  queue.done("a");
  expect(queue.take()).toBeUndefined();
});

test("interactive keys go first, and a background key that becomes interactive moves up", () => {
  const queue = new WorkQueue();
  for (const key of ["a", "b", "c"]) queue.add(key, "background");
  queue.add("c", "interactive");
  expect(queue.take()).toEqual({ key: "c", lane: "interactive" });
  expect(queue.take()).toEqual({ key: "a", lane: "background" });
  queue.done("c");
  expect([queue.take()?.key, queue.take()]).toEqual(["b", undefined]);
});

test("an interactive key does not fall back when it is added in the background", () => {
  const queue = new WorkQueue();
  queue.add("a", "interactive");
  queue.add("a", "background");
  expect(queue.take()).toEqual({ key: "a", lane: "interactive" });
  queue.add("a", "interactive");
  queue.add("a", "background");
  queue.done("a");
  expect(queue.take()).toEqual({ key: "a", lane: "interactive" });
});

test("taking interactive keys only leaves the others", () => {
  const queue = new WorkQueue();
  queue.add("a", "background");
  expect(queue.take("interactive")).toBeUndefined();
  expect(queue.length).toBe(1);
});

test("whatever is added is worked on after its last addition, and never twice at once", () => {
  const step = fc.oneof(
    fc.record({
      do: fc.constant("add" as const),
      key: fc.constantFrom("a", "b", "c"),
      lane: fc.constantFrom("interactive" as const, "background" as const),
    }),
    fc.record({ do: fc.constant("take" as const) }),
    fc.record({ do: fc.constant("done" as const), index: fc.nat(3) }),
  );
  fc.assert(
    fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
      const queue = new WorkQueue();
      const owed = new Set<string>();
      const held: string[] = [];
      for (const step of steps) {
        if (step.do === "add") {
          queue.add(step.key, step.lane);
          owed.add(step.key);
        } else if (step.do === "take") {
          const item = queue.take();
          if (item === undefined) continue;
          expect(held).not.toContain(item.key);
          expect(owed.delete(item.key)).toBe(true);
          held.push(item.key);
        } else {
          const [key] = held.splice(step.index, 1);
          if (key !== undefined) queue.done(key);
        }
      }
      for (const key of held) queue.done(key);
      for (let item = queue.take(); item !== undefined; item = queue.take()) owed.delete(item.key);
      expect([...owed]).toEqual([]);
      expect(queue.length).toBe(0);
    }),
  );
});
