import { expect, test } from "vitest";
import { BatchedFetch } from "./batched-fetch.ts";

/** A fetcher that notes its calls and answers each when the test says so. */
function tools() {
  const calls: { domain: string; hashes: readonly string[]; answer: (found: readonly string[]) => void }[] =
    [];
  const batched = new BatchedFetch(
    (domain, hashes) =>
      new Promise((resolve) => {
        const answer = (found: readonly string[]) =>
          resolve(new Map(found.map((hash) => [hash, Buffer.from(hash)])));
        calls.push({ domain, hashes, answer });
      }),
  );
  return { batched, calls };
}

test("Shards that are wanted while calls are under way go out together, of one domain at a time", async () => {
  const { batched, calls } = tools();
  const all = ["a", "b", "c", "d", "e", "f"].map((hash) => batched.get("shop", hash));
  const other = batched.get("bank", "g");
  expect(calls.map(({ hashes }) => hashes)).toEqual([["a"], ["b"], ["c"], ["d"]]);
  for (const { answer, hashes } of calls.slice(0, 2)) answer(hashes);
  await Promise.all(all.slice(0, 2));
  await expect.poll(() => calls.length).toBe(6);
  expect(calls.slice(4).map(({ domain, hashes }) => [domain, hashes])).toEqual([
    ["shop", ["e", "f"]],
    ["bank", ["g"]],
  ]);
  for (const { answer, hashes } of calls.slice(2)) answer(hashes);
  expect((await Promise.all([...all, other])).map(String)).toEqual(["a", "b", "c", "d", "e", "f", "g"]);
});

test("Who wants a shard that is asked for shares it, and who wants one that is not there is told so", async () => {
  const { batched, calls } = tools();
  const twice = [batched.get("shop", "a"), batched.get("shop", "a")];
  expect(calls).toHaveLength(1);
  calls[0]!.answer([]);
  expect(await Promise.all(twice)).toEqual([undefined, undefined]);
  void batched.get("shop", "a");
  expect(calls).toHaveLength(2);
});

test("A call that fails fails for all in it, and the next goes out", async () => {
  let calls = 0;
  const batched = new BatchedFetch(async () => {
    if (calls++ === 0) throw new Error("cut off");
    return new Map([["a", Buffer.from("a")]]);
  });
  await expect(batched.get("shop", "a")).rejects.toThrow("cut off");
  expect(String(await batched.get("shop", "a"))).toBe("a");
});
