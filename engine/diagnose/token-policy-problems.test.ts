import { generateKeyPairSync } from "node:crypto";
import { describe, expect, test } from "vitest";
import { build } from "../../test/worlds/build.ts";
import type { TokenPolicy } from "../model/objects.generated.ts";
import { World } from "../model/world.ts";
import { tokenPolicyProblems } from "./token-policy-problems.ts";

const { publicKey, privateKey } = generateKeyPairSync("ed25519");
const good = { ...publicKey.export({ format: "jwk" }), alg: "EdDSA" };
const jwksOf = (...keys: unknown[]) => ({ jwks: JSON.stringify({ keys }) });

function tokenPolicy(name: string, spec: Partial<TokenPolicy["spec"]> = {}): TokenPolicy {
  return build("TokenPolicy", name, {
    issuer: "issuer",
    audiences: ["api"],
    keys: jwksOf(good),
    narrowing: { claim: "may", selectors: [{ pattern: "a:*", attribute: "a" }] },
    ...spec,
  });
}

function problemsOf(policy: TokenPolicy, ...others: TokenPolicy[]) {
  const world = new World("shop");
  for (const object of [policy, ...others]) world.put(object);
  return [...tokenPolicyProblems(world, policy)];
}

const selectors = (...patterns: string[]) => ({
  narrowing: { claim: "may", selectors: patterns.map((pattern) => ({ pattern, attribute: "a" })) },
});

test.each([
  ["with keys of its own", {}],
  ["with keys to be fetched", { keys: { jwksURL: "https://issuer/keys" } }],
  [
    "with patterns from the least to the most specific",
    selectors("*", "[x]", "a:*", "a:[x]", "a:b:*", "a:b:[x]"),
  ],
  ["with a key for encryption besides", { keys: jwksOf({ kty: "RSA", use: "enc", alg: "RSA-OAEP" }, good) }],
])("a policy %s works", (_name, spec) => {
  const others = [tokenPolicy("q", { issuer: "other" }), tokenPolicy("r", { audiences: ["API"] })];
  expect(problemsOf(tokenPolicy("p", spec), ...others)).toEqual([]);
});

describe("a policy has a problem", () => {
  test.each<[string, Partial<TokenPolicy["spec"]>, string, string, RegExp]>([
    [
      "keys of two kinds",
      { keys: { ...jwksOf(good), jwksURL: "https://a" } },
      "InvalidKeys",
      "spec.keys",
      /exactly one/,
    ],
    ["keys of no kind", { keys: {} }, "InvalidKeys", "spec.keys", /exactly one/],
    [
      "keys that are no JSON",
      { keys: { jwks: "-----BEGIN" } },
      "InvalidKeys",
      "spec.keys.jwks",
      /no JSON; give a JSON Web Key Set/,
    ],
    [
      "a private key",
      { keys: jwksOf(good, { ...privateKey.export({ format: "jwk" }), alg: "EdDSA" }) },
      "InvalidKeys",
      "spec.keys.jwks",
      /the key at place 1 is left out: it is private .* replace it/,
    ],
    ["no keys", { keys: jwksOf() }, "InvalidKeys", "spec.keys.jwks", /no key of the set can be used/],
    [
      "a pattern without a place for a value",
      selectors("a", "b:*"),
      "InvalidSelector",
      "spec.narrowing.selectors[0].pattern",
      /write a fixed text/,
    ],
    [
      "a pattern twice",
      selectors("a:[x]", "b:*", "a:[y]"),
      "InvalidSelector",
      "spec.narrowing.selectors[0].pattern",
      /selectors\[2\]; change/,
    ],
    [
      "a wider pattern after a narrower one",
      selectors("a:b:[x]", "a:[x]"),
      "InvalidSelector",
      "spec.narrowing.selectors[0].pattern",
      /selectors\[1\]; change/,
    ],
    [
      "a pattern for anything after all",
      selectors("a:*", "[x]"),
      "InvalidSelector",
      "spec.narrowing.selectors[0].pattern",
      /selectors\[1\]/,
    ],
  ])("%s", (_name, spec, reason, path, message) => {
    expect(problemsOf(tokenPolicy("p", spec))).toEqual([
      { reason, path, message: expect.stringMatching(message) },
    ]);
  });

  test("each key that can not be used, and that none is left", () => {
    const keys = jwksOf({ kty: "oct", k: "c2VjcmV0" }, { ...good, alg: undefined });
    expect(problemsOf(tokenPolicy("p", { keys })).map(({ message }) => message)).toEqual([
      expect.stringMatching(/place 0 .* symmetric/),
      expect.stringMatching(/place 1 .* names no algorithm/),
      expect.stringMatching(/no key of the set can be used/),
    ]);
  });

  test("another policy of its issuer with an audience in common", () => {
    const other = tokenPolicy("q", { audiences: ["web", "app"] });
    expect(problemsOf(tokenPolicy("p", { audiences: ["api", "app"] }), other)).toEqual([
      {
        reason: "AmbiguousIssuer",
        path: "spec.audiences[1]",
        message: expect.stringContaining('TokenPolicy "q" is for the same issuer and audience'),
      },
    ]);
  });

  test("but not one that is being deleted", () => {
    const going = tokenPolicy("q");
    const metadata = { ...going.metadata, deletionTimestamp: "2026-01-01T00:00:00Z" };
    expect(problemsOf(tokenPolicy("p"), { ...going, metadata })).toEqual([]);
  });
});
