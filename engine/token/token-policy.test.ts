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

test("what is left out has its documented default", () => {
  const policy: TokenPolicy = {
    apiVersion: "sidegate.dev/v1alpha1",
    kind: "TokenPolicy",
    metadata: { name: "p" },
    spec: spec({ jwks: "given" }),
  };
  expect(loadTokenPolicy(policy)).toEqual({
    name: "p",
    issuer: "partner",
    audiences: ["api"],
    jwks: "given",
    subjectClaim: "sub",
    narrowing: {
      claim: "scopes",
      selectors: [{ pattern: "a:*", attribute: "a" }],
      absent: "Deny",
      unmatched: "Deny",
    },
  });
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
