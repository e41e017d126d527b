import { expect, test } from "vitest";
import type { CompiledShard } from "../../../engine/compile/compiled-policy.ts";
import { ManualClock } from "../../../test/support/manual-clock.ts";
import { compiledPolicy } from "../../../test/support/policies.ts";
import { createPolicyBook } from "../../policy-book.ts";
import { RecentShards } from "./recent-shards.ts";

const first = compiledPolicy({ shards: { model: "m1", "organization/a": "a1" } });
const second = compiledPolicy({ shards: { model: "m1", "organization/a": "a2" } });
const [, a1] = first.shards;
const [, a2] = second.shards;

const copyOf = (shard: CompiledShard) => ({ ...shard, bytes: Buffer.from(shard.bytes) });

const tools = () => {
  const book = createPolicyBook();
  const clock = new ManualClock();
  return { book, clock };
};

test("Shards of the current policy are there, and of its own domain only", () => {
  const { book, clock } = tools();
  book.publish(first);
  const shards = new RecentShards({ book, clock });
  expect(shards.find("shop", a1!.hash)).toBe(a1);
  expect(shards.find("bank", a1!.hash)).toBeUndefined();
  expect(shards.find("shop", a2!.hash)).toBeUndefined();
});

test("A shard that is no longer listed is kept for some minutes", async () => {
  const { book, clock } = tools();
  const shards = new RecentShards({ book, clock, keepMs: 1_000 });
  book.publish(first);
  book.publish(second);
  await clock.advance(999);
  expect(shards.find("shop", a1!.hash)).toEqual(copyOf(a1!));
  expect(shards.bytes).toBe(2);
  await clock.advance(1);
  expect(shards.find("shop", a1!.hash)).toBeUndefined();
  expect(shards.find("shop", a2!.hash)).toBe(a2);
  expect(shards.bytes).toBe(0);
});

test("A shard that is no longer listed is kept without the memory that it was a part of", () => {
  const { book, clock } = tools();
  const shards = new RecentShards({ book, clock });
  const slab = Buffer.alloc(65_536, "a");
  book.publish(compiledPolicy({ shards: { model: "m1", "organization/a": slab.subarray(0, 2) } }));
  const [, before] = book.current("shop")!.shards;
  book.publish(second);
  expect(shards.find("shop", before!.hash)?.bytes.buffer.byteLength).toBe(2);
});

test("Beyond the bound of bytes the oldest go first, and what is listed again is not counted", () => {
  const { book, clock } = tools();
  const shards = new RecentShards({ book, clock, keepBytes: 2 });
  const third = compiledPolicy({ shards: { model: "m1", "organization/a": "a3" } });
  for (const policy of [first, second, third]) book.publish(policy);
  expect(shards.find("shop", a1!.hash)).toBeUndefined();
  expect(shards.find("shop", a2!.hash)).toEqual(copyOf(a2!));
  book.publish(second);
  expect(shards.bytes).toBe(2);
});

test("A domain that nobody vouches for keeps its shards", () => {
  const { book, clock } = tools();
  const shards = new RecentShards({ book, clock });
  book.publish(first);
  book.remove("shop");
  book.publish({ ...second, shards: [], isConfirmedOnly: true });
  expect(shards.find("shop", a1!.hash)).toBe(a1);
});
