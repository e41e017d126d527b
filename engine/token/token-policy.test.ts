import { generateKeyPairSync } from "node:crypto";
import { expect, test } from "vitest";
import type { TokenPolicy } from "../model/objects.generated.ts";
import { keysOf, loadTokenPolicy } from "./token-policy.ts";

const spec = (keys: TokenPolicy["spec"]["keys"]): TokenPolicy["spec"] => ({
  issuer: "partner",
  audiences: ["api"],
  keys,
  narrowing: { claim: "scopes", selectors: [{ pattern: "a:*", attribute: "a" }] },
});
const keySet = { jwks: "fetched", source: "https://a/keys", fetchedAt: "2026-01-01T00:00:00Z" };

const { publicKey, privateKey } = generateKeyPairSync("ed25519");
const key = { ...publicKey.export({ format: "jwk" }), alg: "EdDSA" };
const policyWith = (jwks: string): TokenPolicy => ({
  apiVersion: "sidegate.dev/v1alpha1",
  kind: "TokenPolicy",
  metadata: { name: "p" },
  spec: spec({ jwks }),
});

test("what is left out has its documented default", () => {
  const jwks = JSON.stringify({ keys: [key] });
  expect(loadTokenPolicy(policyWith(jwks))).toMatchObject({
    name: "p",
    issuer: "partner",
    audiences: ["api"],
    subjectClaim: "sub",
    narrowing: {
      claim: "scopes",
      selectors: [{ pattern: "a:*", attribute: "a" }],
      absent: "Deny",
      unmatched: "Deny",
    },
  });
});

test("keys that are not public, and sets that can not be read, are not part of it", () => {
  const secret = { kty: "oct", alg: "HS256", k: "c2VjcmV0" };
  const hidden = { ...privateKey.export({ format: "jwk" }), alg: "EdDSA" };
  const { jwks } = loadTokenPolicy(policyWith(JSON.stringify({ keys: [secret, hidden, key] })));
  expect(JSON.parse(jwks)).toEqual({ keys: [key] });
  expect(loadTokenPolicy(policyWith("nonsense")).jwks).toBe("");
});

test.each([
  ["given", { jwks: "given" }, undefined, "given"],
  ["given, whatever was fetched before", { jwks: "given" }, keySet, "given"],
  ["fetched", { jwksURL: "https://a/keys" }, keySet, "fetched"],
  ["of another address than was fetched", { jwksURL: "https://b/keys" }, keySet, ""],
  ["not fetched yet", { jwksURL: "https://a/keys" }, undefined, ""],
  ["of two places, so of none", { jwks: "given", jwksURL: "https://a/keys" }, keySet, ""],
  ["of nowhere", {}, keySet, ""],
])("keys are %s", (_name, keys, fetched, wanted) => {
  expect(keysOf({ spec: spec(keys), ...(fetched && { status: { keySet: fetched } }) })).toBe(wanted);
});
