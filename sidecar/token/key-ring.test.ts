import { generateKeyPairSync } from "node:crypto";
import { expect, test } from "vitest";
import { KeyRing } from "./key-ring.ts";

const jwk = generateKeyPairSync("ed25519").publicKey.export({ format: "jwk" });
const set = (kid: number) => JSON.stringify({ keys: [{ ...jwk, alg: "EdDSA", kid: `k${kid}` }] });

test("a set is imported once for as long as it is used, and those unused longest go first", async () => {
  const ring = new KeyRing(3);
  const first = await ring.get(set(1));
  for (const kid of [2, 3, 1, 4]) await ring.get(set(kid));
  expect(ring.size).toBe(3);
  expect(await ring.get(set(1))).toBe(first);
  const third = await ring.get(set(3));
  for (const kid of [5, 6, 7]) await ring.get(set(kid));
  expect(await ring.get(set(3))).not.toBe(third);
});

test("requests at the same time share one import", async () => {
  const ring = new KeyRing();
  const [a, b] = await Promise.all([ring.get(set(1)), ring.get(set(1))]);
  expect(a).toBe(b);
  expect(a?.keys).toMatchObject([{ alg: "EdDSA", kid: "k1" }]);
});

test("no set, and one that can not be read, have no keys", async () => {
  const ring = new KeyRing();
  expect(await ring.get("")).toEqual({ keys: [], ignored: [], problem: undefined });
  expect(await ring.get("x")).toEqual({ keys: [], ignored: [], problem: "the key set is no JSON" });
});
