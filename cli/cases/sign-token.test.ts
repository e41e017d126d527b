import { createLocalJWKSet, type JSONWebKeySet, jwtVerify } from "jose";
import { describe, expect, test } from "vitest";
import type { SidegateObject } from "../../engine/model/objects.generated.ts";
import type { TokenDocument } from "./case-file.ts";
import { signToken } from "./sign-token.ts";
import { testKeySet, testKeys } from "./test-keys.ts";

const now = Date.parse("2026-03-01T12:00:00Z");
const policy = {
  kind: "TokenPolicy",
  metadata: { name: "mobile" },
  spec: { issuer: "https://issuer.example", audiences: ["app", "web"] },
} as unknown as SidegateObject;

const keySet = createLocalJWKSet(JSON.parse(testKeySet() as string) as JSONWebKeySet);

function verify(text: string) {
  return jwtVerify(text, keySet, { currentDate: new Date(now), algorithms: ["EdDSA", "ES256"] });
}

describe("The token of a case", () => {
  test.each(["eddsa", "es256", "next"])("is good if the key %s signs it", async (key) => {
    const token = signToken({ policy: "mobile", key, claims: { sub: "ada" } }, [policy], now);
    const { payload, protectedHeader } = await verify(token.text);
    expect(payload).toEqual({
      ...{ iss: "https://issuer.example", aud: "app", sub: "ada" },
      ...{ iat: now / 1000, exp: now / 1000 + 300 },
    });
    expect(protectedHeader).toEqual({ alg: key === "es256" ? "ES256" : "EdDSA", kid: key, typ: "JWT" });
    expect(token).toMatchObject({ claims: payload, signedBy: key });
  });

  test("says what the case says", () => {
    const document: TokenDocument = {
      policy: "mobile",
      claims: { aud: ["web"], sub: null },
      ...{ without: ["iat"], expires: "2026-03-01T13:00:00Z", notBefore: "2026-03-01T11:00:00Z" },
    };
    expect(signToken(document, [policy], now).claims).toEqual({
      ...{ iss: "https://issuer.example", aud: ["web"], sub: null },
      ...{ exp: now / 1000 + 3600, nbf: now / 1000 - 3600 },
    });
  });

  test.each<[string, TokenDocument]>([
    ["its claims were changed", { tamper: "Payload" }],
    ["its signature was changed", { tamper: "Signature" }],
    ["it has no signature", { tamper: "Unsigned" }],
    ["a public key is the secret of its signature", { tamper: "HMAC" }],
    ["a stranger signed it", { key: "stranger" }],
    ["its header names another key", { header: { kid: "next" } }],
  ])("is not good if %s", async (_, document) => {
    const token = signToken({ claims: { sub: "ada" }, ...document }, [], now);
    await expect(verify(token.text)).rejects.toThrow();
    expect(token.claims).toMatchObject({ sub: "ada" });
  });

  test("is not made for a policy or by a key that is not there", () => {
    expect(() => signToken({ policy: "web" }, [policy], now)).toThrow("there is no TokenPolicy/web");
    expect(() => signToken({ key: "rsa" }, [], now)).toThrow("the key rsa is none of eddsa");
  });
});

test("The key sets of test keys hold no private half", () => {
  expect(testKeySet()).not.toMatch(/"d":/);
  expect(JSON.parse(testKeySet(["es256"]) as string).keys).toEqual([
    expect.objectContaining({ kid: "es256", alg: "ES256", kty: "EC" }),
  ]);
  expect(testKeySet(["nobody"])).toBeUndefined();
  expect([...testKeys.keys()]).toEqual(["eddsa", "es256", "next", "stranger"]);
});
