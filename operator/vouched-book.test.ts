import { expect, test } from "vitest";
import { ManualClock } from "../test/support/manual-clock.ts";
import { compiledPolicy } from "../test/support/policies.ts";
import { silent } from "../test/support/silent-logger.ts";
import { createPolicyBook } from "./policy-book.ts";
import { VouchedBook } from "./vouched-book.ts";

function setUp() {
  const clock = new ManualClock();
  const book = createPolicyBook();
  const vouched = new VouchedBook(book, clock, silent);
  vouched.publish(compiledPolicy({ domain: "shop", shards: { model: "1" } }));
  vouched.publish(compiledPolicy({ domain: "mill", shards: { model: "1" } }));
  return { clock, book, vouched };
}

test("what is published stands in the book", () => {
  const { book, vouched } = setUp();
  expect([...book.domains()]).toEqual(["shop", "mill"]);
  vouched.remove("mill");
  expect([...book.domains()]).toEqual(["shop"]);
});

test("a minute without contact takes everything out of the book, and contact puts the latest in again", async () => {
  const { clock, book, vouched } = setUp();
  vouched.setContact(false);
  await clock.advance(59_999);
  expect(vouched.isInTouch).toBe(true);
  await clock.advance(1);
  expect([[...book.domains()], vouched.isInTouch]).toEqual([[], false]);
  const newer = compiledPolicy({ domain: "shop", shards: { model: "2" } });
  vouched.publish(newer);
  vouched.remove("mill");
  expect([...book.domains()]).toEqual([]);
  expect(vouched.current("shop")).toBe(newer);
  vouched.setContact(true);
  expect([...book.domains()]).toEqual(["shop"]);
  expect(book.current("shop")).toBe(newer);
});

test("while suspended the book is empty at once, and full again with contact", async () => {
  const { clock, book, vouched } = setUp();
  vouched.suspend(true);
  expect([[...book.domains()], vouched.isInTouch]).toEqual([[], false]);
  vouched.publish(compiledPolicy({ domain: "shop", shards: { model: "2" } }));
  expect([...book.domains()]).toEqual([]);
  vouched.setContact(false);
  await clock.advance(60_000);
  vouched.suspend(false);
  expect([...book.domains()]).toEqual([]);
  vouched.setContact(true);
  expect([[...book.domains()], vouched.isInTouch]).toEqual([["shop", "mill"], true]);
});

test("policies age from the first loss of contact, or from the suspension, until they are known to be current", async () => {
  const { clock, vouched } = setUp();
  await clock.advance(5_000);
  expect(vouched.ageMs).toBe(0);
  vouched.setContact(false);
  await clock.advance(2_000);
  vouched.setContact(false);
  vouched.suspend(true);
  await clock.advance(1_000);
  expect(vouched.ageMs).toBe(3_000);
  vouched.setContact(true);
  expect(vouched.ageMs).toBe(1_000);
  vouched.suspend(false);
  expect(vouched.ageMs).toBe(0);
});

test("the minute counts from the first loss and ends with contact", async () => {
  const { clock, vouched } = setUp();
  vouched.setContact(false);
  await clock.advance(40_000);
  vouched.setContact(false);
  await clock.advance(20_000);
  expect(vouched.isInTouch).toBe(false);
  vouched.setContact(true);
  vouched.setContact(false);
  await clock.advance(40_000);
  vouched.setContact(true);
  await clock.advance(100_000);
  expect(vouched.isInTouch).toBe(true);
  expect(clock.waiting).toBe(0);
});
