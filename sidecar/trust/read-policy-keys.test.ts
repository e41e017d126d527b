import { generateKeyPairSync } from "node:crypto";
import { describe, expect, test } from "vitest";
import { createTestKey, jwksOf } from "../../test/support/signing.ts";
import { readPolicyKeys } from "./read-policy-keys.ts";

const a = createTestKey("a");
const read = (...entries: unknown[]) => readPolicyKeys(JSON.stringify({ keys: entries }));

describe("a JWKS of policy keys", () => {
  test("gives the public keys by their ids", () => {
    const { keys, ignored } = readPolicyKeys(jwksOf(a, createTestKey("b")));
    expect([...keys.keys()]).toEqual(["a", "b"]);
    expect(keys.get("a")?.equals(a.publicKey)).toBe(true);
    expect(ignored).toEqual([]);
  });

  test("may trust nobody", () => {
    expect(read().keys.size).toBe(0);
  });

  test("is taken by its public part where it holds a private one", () => {
    const jwk = generateKeyPairSync("ed25519").privateKey.export({ format: "jwk" });
    expect(read({ ...jwk, kid: "p" }).keys.get("p")?.type).toBe("public");
  });

  const rsa = generateKeyPairSync("rsa", { modulusLength: 2048 }).publicKey.export({ format: "jwk" });
  test.each([
    ["RSA", { ...rsa, kid: "r" }, "it is no Ed25519 key"],
    ["a shared secret", { kty: "oct", k: "c2VjcmV0", kid: "s" }, "it is no Ed25519 key"],
    ["another curve", { ...a.jwk, crv: "X25519" }, "it is no Ed25519 key"],
    ["a key for encryption", { ...a.jwk, use: "enc" }, "it is not for signatures"],
    ["another algorithm", { ...a.jwk, alg: "ES256" }, "it is not for signatures"],
    ["no id", { ...a.jwk, kid: undefined }, "it has no usable id"],
    ["a very long id", { ...a.jwk, kid: "k".repeat(257) }, "it has no usable id"],
    ["a short key", { ...a.jwk, x: "AAAA" }, "its public key has not 32 bytes"],
    ["no key at all", null, "it is no key"],
  ])("passes over an entry with %s", (_, entry, problem) => {
    const { keys, ignored } = read(entry, createTestKey("b").jwk);
    expect([...keys.keys()]).toEqual(["b"]);
    expect(ignored).toEqual([`keys[0]: ${problem}`]);
  });

  test.each([
    ["no JSON", "keys"],
    ["no object", "null"],
    ["no list", '{"keys":{}}'],
    ["two keys of one id", jwksOf(a, createTestKey("a"))],
    ["too many entries", JSON.stringify({ keys: Array(65).fill(a.jwk) })],
  ])("is none with %s", (_, text) => {
    expect(() => readPolicyKeys(text)).toThrow();
  });
});
