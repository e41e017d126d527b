import { expect, test } from "vitest";
import { settle } from "../test/support/manual-clock.ts";
import { recordingLogger } from "../test/support/silent-logger.ts";
import { Caretaker } from "./caretaker.ts";
import type { Duty } from "./duty.ts";

function setUp() {
  const told: string[] = [];
  const listeners = new Set<(isLeader: boolean) => void>();
  const leadership = {
    isLeader: false,
    subscribe(listener: (isLeader: boolean) => void) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
  };
  const drains: (() => void)[] = [];
  let terms = 0;
  const { logger, lines } = recordingLogger();
  const caretaker = new Caretaker({
    leadership,
    logger,
    createDuties({ ended }) {
      const term = ++terms;
      ended.addEventListener("abort", () => told.push(`term ${term} ended`));
      const duty: Duty = {
        start: () => told.push(`start ${term}`),
        published: (domain) => told.push(`published ${domain} ${term}`),
        pending: 2,
        drain: () => new Promise((resolve) => drains.push(resolve)),
      };
      return [duty];
    },
  });
  const lead = (isLeader: boolean) => {
    leadership.isLeader = isLeader;
    for (const listener of [...listeners]) listener(isLeader);
  };
  return { told, caretaker, lead, drains, lines, listeners };
}

test("nothing is done before this replica leads and has read everything", () => {
  const { told, caretaker, lead } = setUp();
  lead(true);
  caretaker.published("shop");
  expect([told, caretaker.pending]).toEqual([[], 0]);
  caretaker.ready();
  caretaker.published("shop");
  expect(told).toEqual(["start 1", "published shop 1"]);
  expect(caretaker.pending).toBe(2);
});

test("with leadership the writes of the term end, and the next term waits until it is drained", async () => {
  const { told, caretaker, lead, drains } = setUp();
  caretaker.ready();
  lead(true);
  lead(false);
  expect(told).toEqual(["start 1", "term 1 ended"]);
  lead(true);
  caretaker.published("shop");
  await settle();
  expect(told).toEqual(["start 1", "term 1 ended"]);
  drains[0]?.();
  await settle();
  expect(told).toEqual(["start 1", "term 1 ended", "start 2"]);
});

test("it can be gained and lost any number of times", async () => {
  const { told, caretaker, lead, drains } = setUp();
  caretaker.ready();
  for (let term = 0; term < 5; term++) {
    lead(true);
    lead(false);
    drains[term]?.();
    await settle();
  }
  expect(told.filter((line) => line.startsWith("start"))).toHaveLength(5);
});

test("a stop finishes what is under way", async () => {
  const { told, caretaker, lead, drains, listeners } = setUp();
  caretaker.ready();
  lead(true);
  const stopped = caretaker.stop();
  await settle();
  expect(told).toEqual(["start 1"]);
  drains[0]?.();
  await stopped;
  expect(told).toEqual(["start 1", "term 1 ended"]);
  expect(listeners.size).toBe(0);
});

test("a stop in which leadership is lost aborts what is under way", async () => {
  const { told, caretaker, lead, drains } = setUp();
  caretaker.ready();
  lead(true);
  const stopped = caretaker.stop();
  lead(false);
  expect(told).toEqual(["start 1", "term 1 ended"]);
  drains[0]?.();
  await stopped;
});

test("a duty that fails to end does not keep the next term from beginning", async () => {
  let terms = 0;
  const { logger, lines } = recordingLogger();
  const listeners: ((isLeader: boolean) => void)[] = [];
  const leadership = {
    isLeader: true,
    subscribe: (listener: (isLeader: boolean) => void) => {
      listeners.push(listener);
      return () => {};
    },
  };
  const caretaker = new Caretaker({
    leadership,
    logger,
    createDuties: () => {
      terms++;
      return [{ start() {}, drain: () => Promise.reject(new Error("defect")) }];
    },
  });
  caretaker.ready();
  leadership.isLeader = false;
  for (const listener of listeners) listener(false);
  leadership.isLeader = true;
  await settle();
  expect(terms).toBe(2);
  expect(lines.map(({ msg }) => msg)).toContain("A duty did not end in order");
});
