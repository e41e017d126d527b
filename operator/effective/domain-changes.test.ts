import { expect, test } from "vitest";
import type { SidegateObject } from "../../engine/model/objects.generated.ts";
import { ManualClock } from "../../test/support/manual-clock.ts";
import { DomainChanges } from "./domain-changes.ts";
import { LateWatch } from "./late-watch.ts";

const kind = "AccessRoleBinding";
const key = `${kind}/ada`;

function policyAt(resourceVersion: number) {
  return { revision: `r${resourceVersion}`, epoch: 0, position: { [kind]: String(resourceVersion) } };
}

function binding(resourceVersion: number): SidegateObject {
  return { kind, metadata: { name: "ada", resourceVersion: String(resourceVersion) } } as SidegateObject;
}

/** A domain whose first publication has reached 4, with a change at 5 that is read. */
function setUp() {
  const changes = new DomainChanges();
  changes.publications.publish(policyAt(4));
  changes.read(binding(5), false, 100);
  return changes;
}

test("a change waits from its publication until everybody has that", () => {
  const changes = setUp();
  expect([changes.isEffective(key), changes.waiting]).toEqual([false, []]);
  changes.publications.publish(policyAt(5));
  expect(changes.waiting).toEqual([{ publication: 2, key, since: 100 }]);
  expect(changes.settle(1).objects).toEqual([]);
  expect(changes.settle(2).objects).toEqual([{ kind, name: "ada" }]);
  expect([changes.isEffective(key), changes.waiting]).toEqual([true, []]);
});

test("what was effective once stays so, though somebody comes who has less", () => {
  const changes = setUp();
  changes.publications.publish(policyAt(5));
  changes.settle(2);
  changes.settle(1);
  expect([changes.isEffective(key), changes.reached]).toEqual([true, 2]);
});

test("a later change takes the place of one that is not published yet", () => {
  const changes = setUp();
  changes.read(binding(6), false, 200);
  changes.publications.publish(policyAt(6));
  expect(changes.waiting).toEqual([{ publication: 2, key, since: 200 }]);
});

test("an object is forgotten once its status says that it is effective, and not before it is", () => {
  const changes = setUp();
  changes.latched(key);
  expect(changes.of(key)).toBeDefined();
  changes.publications.publish(policyAt(5));
  changes.settle(2);
  changes.latched(key);
  expect(changes.of(key)).toBeUndefined();
});

test("an object that begins to count is waited for once, until it counts no more", () => {
  const changes = setUp();
  expect([changes.restart(key, 200), changes.restart(key, 300)]).toEqual([true, false]);
  changes.publications.publish(policyAt(5));
  expect(changes.waiting).toEqual([{ publication: 2, key, since: 200 }]);
  changes.withdraw(key);
  expect(changes.restart(key, 400)).toBe(true);
});

test("who waits for all that was read is told when that is effective", () => {
  const changes = setUp();
  const told: string[] = [];
  changes.barrier(() => told.push("effective"));
  const settle = (number: number) => {
    for (const then of changes.settle(number).barriers) then();
  };
  settle(1);
  changes.publications.publish(policyAt(5));
  settle(1);
  expect(told).toEqual([]);
  settle(2);
  settle(2);
  expect(told).toEqual(["effective"]);
});

test("of a change that is not effective after 30 s is told once", async () => {
  const clock = new ManualClock();
  const changes = setUp();
  const told: number[] = [];
  const watch = new LateWatch({
    ...{ clock, waiting: () => changes.waiting },
    onLate: (late) => told.push(...late.map(({ since }) => since)),
  });
  changes.publications.publish(policyAt(5));
  watch.look();
  await clock.advance(30_099);
  expect(told).toEqual([]);
  await clock.advance(60_000);
  watch.look();
  expect([told, clock.waiting]).toEqual([[100], 0]);
});
