import { expect, test } from "vitest";
import { Publications } from "./publications.ts";

const at = (binding: number, revision = `r${binding}`, epoch = 0) => ({
  revision,
  epoch,
  position: { AccessRoleBinding: String(binding), AccessRole: "3" },
});

/** Publications of which the last holds changes at 5 and at 7. */
function twoChanges() {
  const publications = new Publications();
  const numbers: number[] = [];
  const read = (resourceVersion: string, isBeyond = false) =>
    publications.read({
      ...{ kind: "AccessRoleBinding", resourceVersion, isBeyond },
      onPublished: (number) => void numbers.push(number),
    });
  publications.publish(at(4));
  read("5");
  publications.publish(at(5));
  read("7");
  publications.publish(at(7));
  return { publications, numbers, read };
}

test("a change is part of the first publication whose position has reached it", () => {
  const { publications, numbers } = twoChanges();
  expect(numbers).toEqual([2, 3]);
  expect([4, 5, 6, 7, 9].map((binding) => publications.reachedByPosition(at(binding)))).toEqual([
    1, 2, 2, 3, 3,
  ]);
});

test("a change that is held back is part of no publication", () => {
  const { publications, numbers, read } = twoChanges();
  read("9");
  publications.publish(at(8));
  expect(numbers).toEqual([2, 3]);
  publications.publish(at(9));
  expect(numbers).toEqual([2, 3, 4]);
});

test("an object that is gone is so once the position has gone beyond what it was", () => {
  const { publications, numbers, read } = twoChanges();
  read("7", true);
  publications.publish(at(7));
  expect(numbers).toHaveLength(2);
  publications.publish(at(8));
  expect(numbers).toEqual([2, 3, 4]);
});

test("a change of nothing that is compiled keeps the revision, and whoever has that has the change", () => {
  const { publications, read } = twoChanges();
  read("8");
  publications.publish(at(8, "r7"));
  expect(publications.reachedByRevision("r7")).toBe(4);
});

test("content that comes back counts as the later publication", () => {
  const { publications, read } = twoChanges();
  read("8");
  publications.publish(at(8, "r5"));
  expect(publications.reachedByRevision("r5")).toBe(4);
  expect(publications.reachedByRevision("r7")).toBe(3);
});

test("a lower epoch has nothing of a higher one, wherever its position is", () => {
  const { publications, read } = twoChanges();
  read("8");
  publications.publish(at(8, "r8", 1));
  expect(publications.reachedByPosition(at(100))).toBe(3);
  expect(publications.reachedByPosition(at(8, "r8", 1))).toBe(4);
});

test("after a restore, positions that start again from below reach what was needed before", () => {
  const { publications } = twoChanges();
  publications.publish(at(2, "r2", 1));
  expect(publications.reachedByPosition(at(2, "r2", 1))).toBe(4);
  expect(publications.reachedByPosition(at(1, "r1", 1))).toBe(1);
});

test("a barrier waits for all that was read", () => {
  const { publications, read } = twoChanges();
  const passed: number[] = [];
  publications.barrier((number) => void passed.push(number));
  read("9");
  publications.barrier((number) => void passed.push(number));
  expect(passed).toEqual([3]);
  publications.publish(at(9));
  expect(passed).toEqual([3, 4]);
});

test("what everybody has is forgotten, and still counts as had", () => {
  const { publications } = twoChanges();
  publications.settle(3);
  expect(publications.reachedByPosition(at(1))).toBe(3);
  expect(publications.reachedByRevision("r5")).toBe(0);
  expect(publications.reachedByRevision("r7")).toBe(3);
});

test("an urgent deletion is published before its turn, and what waits goes on waiting", () => {
  const { publications, numbers, read } = twoChanges();
  read("8");
  const key = "AccessRoleBinding/urgent";
  const onPublished = (number: number) => void numbers.push(number);
  publications.read({ key, kind: "AccessRoleBinding", resourceVersion: "9", isBeyond: false, onPublished });
  publications.publish({ ...at(7, "held-without"), besides: new Set([key] as const) });
  expect(numbers).toEqual([2, 3, 4]);
  expect(publications.reachedByRevision("held-without")).toBe(4);
  expect(publications.reachedByPosition(at(7, "other"))).toBe(3);
  expect(publications.reachedByReplica(at(7, "held-without"))).toBe(4);
  // The same content at an earlier position may be followed by content with what was deleted.
  expect(publications.reachedByReplica(at(5, "held-without"))).toBe(2);
  publications.publish(at(9));
  expect(numbers).toEqual([2, 3, 4, 5]);
});
