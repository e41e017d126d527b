import { expect, test } from "vitest";
import { ManualClock } from "../../test/support/manual-clock.ts";
import { silent } from "../../test/support/silent-logger.ts";
import { BatchedFetch } from "./batched-fetch.ts";
import { DiskFiller } from "./disk-filler.ts";

function tools(lacking: ReadonlySet<string> = new Set()) {
  const clock = new ManualClock();
  const kept = new Map<string, Uint8Array>([["a", Buffer.from("a")]]);
  const fetched: string[] = [];
  let full = false;
  const fetch = new BatchedFetch(async (_domain, hashes) => {
    fetched.push(...hashes);
    return new Map(hashes.filter((hash) => !lacking.has(hash)).map((hash) => [hash, Buffer.from(hash)]));
  });
  const store = {
    findShard: async (hash: string) => kept.get(hash),
    async keepShards(shards: ReadonlyMap<string, Uint8Array>) {
      if (full) throw new Error("no space left");
      for (const [hash, bytes] of shards) kept.set(hash, bytes);
    },
    keptShards: async () => new Set(kept.keys()),
  };
  const filler = new DiskFiller({ domain: "shop", store, fetch, clock, logger: silent });
  const setFull = (isFull: boolean) => {
    full = isFull;
  };
  return { filler, clock, kept, fetched, setFull };
}

test("What is listed and not on disk is brought there, and nothing else", async () => {
  const { filler, kept, fetched } = tools();
  filler.follow(["a", "b", "c"]);
  await expect.poll(() => [...kept.keys()]).toEqual(["a", "b", "c"]);
  expect(fetched).toEqual(["b", "c"]);
  filler.follow(["c", "d"]);
  await expect.poll(() => kept.has("d")).toBe(true);
  expect(fetched).toEqual(["b", "c", "d"]);
  filler.stop();
});

test("A full disk is tried again in half a minute", async () => {
  const { filler, clock, kept, setFull } = tools();
  setFull(true);
  filler.follow(["a", "b"]);
  await expect.poll(() => clock.waiting).toBe(1);
  setFull(false);
  await clock.advance(30_000);
  await expect.poll(() => kept.has("b")).toBe(true);
  filler.stop();
});

test("Shards that the operator lacks keep no other from disk, and are asked for again", async () => {
  const { filler, clock, kept, fetched } = tools(new Set(["b"]));
  filler.follow(["b", "c"]);
  await expect.poll(() => clock.waiting).toBe(1);
  expect(kept.has("c")).toBe(true);
  await clock.advance(30_000);
  await expect.poll(() => fetched).toEqual(["b", "c", "b"]);
  filler.stop();
});
