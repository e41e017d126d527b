import { describe, expect, test } from "vitest";
import type { KubeObject } from "./kube-object.ts";
import { type Change, CompactedError, Store } from "./store.ts";

const object = (name: string, value = 0): KubeObject => ({
  apiVersion: "v1",
  kind: "Thing",
  metadata: { name },
  value,
});
const names = (store: Store, revision: number, start = "") =>
  [...store.scan("things", revision, start)].map(([key, { value }]) => `${key}=${value}`);

describe("the store", () => {
  test("counts one revision for each write, over all kinds", () => {
    const store = new Store(99, 1000);
    expect(store.put("things", "a", object("a")).metadata.resourceVersion).toBe("100");
    expect(store.put("others", "a", object("a")).metadata.resourceVersion).toBe("101");
    expect(store.delete("things", "a", object("a")).metadata.resourceVersion).toBe("102");
    expect(store.revision).toBe(102);
  });

  test("shows each revision as it was", () => {
    const store = new Store(0, 1000);
    store.put("things", "b", object("b", 1));
    store.put("things", "a", object("a", 2));
    store.put("things", "b", object("b", 3));
    store.delete("things", "a", object("a"));
    expect([0, 1, 2, 3, 4].map((revision) => names(store, revision))).toEqual([
      [],
      ["b=1"],
      ["a=2", "b=1"],
      ["a=2", "b=3"],
      ["b=3"],
    ]);
    expect(names(store, 3, "a\0")).toEqual(["b=3"]);
  });

  test("tells changes with what was before, to listeners and later on", () => {
    const store = new Store(0, 1000);
    const heard: Change[] = [];
    const stop = store.subscribe((change) => heard.push(change));
    store.put("things", "a", object("a", 1));
    store.put("things", "a", object("a", 2));
    store.delete("things", "a", object("a", 2));
    stop();
    store.put("things", "b", object("b"));
    const told = heard.map(({ object: after, previous, deleted }) => [previous?.value, after.value, deleted]);
    expect(told).toEqual([
      [undefined, 1, false],
      [1, 2, false],
      [2, 2, true],
    ]);
    expect(store.since(0).slice(0, 3)).toEqual(heard);
    expect(store.since(3).map(({ key }) => key)).toEqual(["b"]);
    expect(store.since(4)).toEqual([]);
  });

  test("forgets what was before a compaction and keeps what is", () => {
    const store = new Store(0, 1000);
    for (const name of ["a", "b", "c"]) store.put("things", name, object(name));
    store.delete("things", "a", object("a"));
    store.compact(3);
    expect(() => store.since(2)).toThrow(CompactedError);
    expect(() => names(store, 2)).toThrow(CompactedError);
    expect([names(store, 3), names(store, 4)]).toEqual([
      ["a=0", "b=0", "c=0"],
      ["b=0", "c=0"],
    ]);
    expect(store.since(3)).toHaveLength(1);
    store.compact();
    expect(names(store, 4)).toEqual(["b=0", "c=0"]);
    expect(store.get("things", "a")).toBeUndefined();
  });

  test("compacts by itself beyond its limit", () => {
    const store = new Store(0, 10);
    for (let i = 0; i < 100; i++) store.put("things", "a", object("a", i));
    expect(store.compacted).toBeGreaterThanOrEqual(80);
    expect(store.since(90)).toHaveLength(10);
    expect(names(store, 100)).toEqual(["a=99"]);
  });
});
