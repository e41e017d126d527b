import { createECDH, generateKeyPairSync } from "node:crypto";
import { describe, expect, test } from "vitest";
import { formatKeySet, readKeySet } from "./json-web-key-set.ts";

const ed25519 = generateKeyPairSync("ed25519");
const rsa = generateKeyPairSync("rsa", { modulusLength: 2048 });
const publicEd = ed25519.publicKey.export({ format: "jwk" });
const publicRsa = rsa.publicKey.export({ format: "jwk" });
const p256 = generateKeyPairSync("ec", { namedCurve: "P-256" }).publicKey.export({ format: "jwk" });

function read(...keys: unknown[]) {
  const set = readKeySet(JSON.stringify({ keys }));
  if (typeof set === "string") throw new Error(set);
  return set;
}

describe("a key is used", () => {
  test.each<readonly [string, object]>([
    ["EdDSA", publicEd],
    ["Ed25519", publicEd],
    ["ES256", p256],
    ["ES384", generateKeyPairSync("ec", { namedCurve: "P-384" }).publicKey.export({ format: "jwk" })],
    ["ES512", generateKeyPairSync("ec", { namedCurve: "P-521" }).publicKey.export({ format: "jwk" })],
    ...["RS256", "RS384", "RS512", "PS256", "PS384", "PS512"].map((alg) => [alg, publicRsa] as const),
  ])("of %s", (alg, jwk) => {
    const { keys, ignored } = read({ ...jwk, alg, kid: "k" });
    expect(ignored).toEqual([]);
    expect(keys).toEqual([{ ...jwk, alg, kid: "k" }]);
  });

  test("without what checking does not need, such as certificates and addresses of them", () => {
    const { keys } = read({ ...p256, alg: "ES256", x5c: ["MII"], x5u: "https://evil.example", use: "sig" });
    expect(keys).toEqual([{ ...p256, alg: "ES256" }]);
  });

  test("once, though it stands there twice", () => {
    expect(read({ ...p256, alg: "ES256" }, { alg: "ES256", ...p256 }).keys).toHaveLength(1);
  });
});

describe("a key is ignored, with the reason,", () => {
  const eddsa = { ...publicEd, alg: "EdDSA" };
  const rs256 = { ...publicRsa, alg: "RS256" };
  const small = generateKeyPairSync("rsa", { modulusLength: 1024 }).publicKey.export({ format: "jwk" });
  test.each<[string, unknown, RegExp]>([
    ["that is symmetric", { kty: "oct", k: "c2VjcmV0", alg: "HS256" }, /symmetric/],
    [
      "that is private",
      { ...ed25519.privateKey.export({ format: "jwk" }), alg: "EdDSA" },
      /private \(it has "d"\)/,
    ],
    ["that is private, of RSA", { ...rsa.privateKey.export({ format: "jwk" }), alg: "RS256" }, /private/],
    ["that names no algorithm", publicEd, /names no algorithm/],
    ["of an algorithm of secrets", { ...publicEd, alg: "HS256" }, /"alg" other than EdDSA or Ed25519/],
    ["of the algorithm none", { ...publicRsa, alg: "none" }, /"alg" that is none of/],
    ["of another family's algorithm", { ...publicEd, alg: "RS256" }, /"alg" other than/],
    ["of another curve's algorithm", { ...p256, alg: "ES384" }, /"alg" other than ES256/],
    ["with operations that are no list", { ...eddsa, key_ops: "verify" }, /not for checking/],
    ["of an unknown curve", { ...eddsa, crv: "secp256k1" }, /none of RSA, Ed25519/],
    ["of a curve of another family", { ...eddsa, kty: "EC" }, /none of RSA/],
    ["of a curve called as a member of objects", { ...eddsa, crv: "constructor" }, /none of RSA/],
    ["with a coordinate too few", { ...p256, alg: "ES256", y: undefined }, /lacks x or y of 32 octets/],
    ["that is a point off its curve", { ...p256, alg: "ES256", y: p256.x }, /point off its curve/],
    ["with a short coordinate", { ...eddsa, x: "AAAA" }, /lacks x of 32 octets/],
    ["with a coordinate in base64", { ...eddsa, x: `${"A".repeat(41)}+/` }, /lacks x/],
    ["of 1024 bits", { ...small, alg: "RS256" }, /has 1024 bits/],
    ["of 16384 bits", { ...rs256, n: Buffer.alloc(2048, 255).toString("base64url") }, /has 16384 bits/],
    ["of many zeros", { ...rs256, n: Buffer.alloc(256).toString("base64url") }, /has 0 bits/],
    ["with the exponent 1", { ...rs256, e: "AQ" }, /exponent/],
    ["with an even exponent", { ...rs256, e: "BA" }, /exponent/],
    ["with a huge exponent", { ...rs256, e: "AQAAAAAB" }, /exponent/],
    ["without modulus", { ...rs256, n: undefined }, /lacks "n" or "e"/],
    ["whose id is a number", { ...eddsa, kid: 7 }, /"kid" that is no text/],
    ["whose id is huge", { ...eddsa, kid: "k".repeat(513) }, /"kid" that is no text/],
    ["that is null", null, /no JSON object/],
    ["that is a list", [], /no JSON object/],
    ["that is a text", "key", /no JSON object/],
  ])("%s", (_name, key, why) => {
    const { keys, ignored } = read(key, eddsa);
    expect(keys).toEqual([eddsa]);
    expect(ignored).toEqual([{ place: 0, why: expect.stringMatching(why) }]);
  });

  test("and no reason holds what stands in it", () => {
    const secret = createECDH("prime256v1");
    secret.generateKeys();
    const d = secret.getPrivateKey("base64url");
    const set = read(
      { kty: "oct", k: d },
      { kty: "EC", d },
      { kty: d },
      { kty: "RSA", alg: d },
      { ...eddsa, crv: d },
    );
    expect(JSON.stringify(set)).not.toContain(d);
  });
});

test("keys for other uses are passed over", () => {
  const eddsa = { ...publicEd, alg: "EdDSA" };
  const set = read({ ...publicRsa, use: "enc", alg: "RSA-OAEP" }, { ...eddsa, key_ops: ["sign"] }, eddsa);
  expect(set).toEqual({ keys: [eddsa], ignored: [] });
});

test.each([
  ["nothing", "", /no JSON/],
  ["half of it", '{"keys":[', /no JSON/],
  ["a page", "<html>", /no JSON/],
  ["null", "null", /no JSON object with a list/],
  ["a list", "[]", /no JSON object with a list/],
  ["an object", "{}", /no JSON object with a list/],
  ["keys that are an object", '{"keys":{}}', /no JSON object with a list/],
  ["too many keys", JSON.stringify({ keys: Array(257).fill({}) }), /more than 256 keys/],
  ["a deep nest", "[".repeat(100_000) + "]".repeat(100_000), /no JSON/],
])("a set that is %s is refused as a whole", (_name, text, problem) => {
  expect(readKeySet(text)).toMatch(problem);
});

test("a set is written the same in whatever order its keys stand, and reads back", () => {
  const keys = [
    { ...p256, alg: "ES256" },
    { ...publicEd, alg: "EdDSA" },
    { ...publicRsa, alg: "PS256" },
  ];
  const texts = [keys, keys.toReversed()].map((some) => formatKeySet(read(...some).keys));
  expect(texts[0]).toBe(texts[1]);
  expect(read(...JSON.parse(texts[0] as string).keys).keys).toHaveLength(3);
});
