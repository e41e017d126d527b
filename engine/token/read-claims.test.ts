import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { JsonObject, JsonValue } from "../model/json.ts";
import { readClaims } from "./read-claims.ts";
import type { LoadedTokenPolicy } from "./token-policy.ts";

const policy: LoadedTokenPolicy = {
  name: "mobile",
  issuer: "https://issuer.example",
  audiences: ["api", "app"],
  jwks: "",
  subjectClaim: "sub",
  narrowing: {
    claim: "urn:x:permissions",
    selectors: [{ pattern: "a:*", attribute: "a" }],
    absent: "Deny",
    unmatched: "Deny",
  },
};
const other: LoadedTokenPolicy = { ...policy, name: "web", audiences: ["web", "app"], narrowing: undefined };
const now = Date.UTC(2026, 0, 1);
const seconds = now / 1000;
const good = { iss: policy.issuer, aud: "api", sub: "ada" };
const evidence = (claims: JsonObject, policies: readonly LoadedTokenPolicy[] = [policy, other]) =>
  readClaims(policies, claims, now);

test("a good token says who, by which policy, and what it narrows to", () => {
  expect(evidence({ ...good, "urn:x:permissions": { "a:*": true } })).toMatchObject({
    valid: true,
    policy: "mobile",
    subject: "ada",
    narrowing: { members: [{ selector: "a:*", keeps: true }] },
  });
});

test("a policy that does not narrow leaves that out", () => {
  expect(evidence({ ...good, aud: "web" })).toMatchObject({
    valid: true,
    policy: "web",
    narrowing: undefined,
  });
});

describe("accepted", () => {
  test.each<[string, JsonObject]>([
    ["several audiences, one of the policy's", { ...good, aud: ["elsewhere", "api"] }],
    ["an audience twice", { ...good, aud: ["api", "api"] }],
    ["an expiry in the next millisecond", { ...good, exp: seconds + 0.001 }],
    ["an expiry beyond all dates", { ...good, exp: 1e300 }],
    ["an expiry of the greatest number", { ...good, exp: Number.MAX_VALUE }],
    ["valid from this very moment", { ...good, nbf: seconds }],
    ["valid since before 1970", { ...good, nbf: -1 }],
    ["a subject of the greatest length", { ...good, sub: "s".repeat(512) }],
    ["a subject called as a member of objects", { ...good, sub: "__proto__" }],
    ["an issue time of the wrong type, which is not asked", { ...good, iat: "yesterday" }],
  ])("%s", (_name, claims) => {
    expect(evidence(claims)).toMatchObject({ valid: true, policy: "mobile" });
  });

  test("a subject of another claim", () => {
    const claims = { ...good, "https://x/email": "ada@x" };
    expect(evidence(claims, [{ ...policy, subjectClaim: "https://x/email" }])).toMatchObject({
      subject: "ada@x",
    });
  });
});

describe("invalid", () => {
  const deep = (depth: number): JsonValue => (depth === 0 ? true : [deep(depth - 1)]);
  test.each<[string, JsonObject, RegExp]>([
    ["no issuer", { aud: "api", sub: "ada" }, /iss is no text/],
    ["an issuer in a list", { ...good, iss: [policy.issuer] }, /iss is no text/],
    ["another issuer", { ...good, iss: "https://issuer.example/" }, /no TokenPolicy is for/],
    ["no audience", { iss: policy.issuer, sub: "ada" }, /aud is neither/],
    ["an empty list of audiences", { ...good, aud: [] }, /no TokenPolicy is for/],
    ["an audience that is a number", { ...good, aud: 7 }, /aud is neither/],
    ["an audience that is an object", { ...good, aud: { api: true } }, /aud is neither/],
    ["a number among the audiences", { ...good, aud: ["api", 7] }, /aud is neither/],
    ["another audience", { ...good, aud: "API" }, /no TokenPolicy is for/],
    ["an audience of two policies", { ...good, aud: "app" }, /more than one TokenPolicy, "mobile" and "web"/],
    ["audiences of two policies", { ...good, aud: ["api", "web"] }, /more than one TokenPolicy/],
    ["expired now", { ...good, exp: seconds }, /expired/],
    ["expired before 1970", { ...good, exp: -1 }, /expired/],
    ["an expiry of 0", { ...good, exp: 0 }, /expired/],
    ["an expiry in a text", { ...good, exp: String(seconds + 100) }, /exp is no time/],
    ["an expiry of null", { ...good, exp: null }, /exp is no time/],
    ["an expiry of true", { ...good, exp: true }, /exp is no time/],
    [
      "an expiry beyond all numbers",
      JSON.parse(`{"iss":"${policy.issuer}","aud":"api","sub":"ada","exp":1e400}`),
      /exp is no time/,
    ],
    ["an expiry that is none", { ...good, exp: Number.NaN }, /exp is no time/],
    ["valid from beyond all dates on", { ...good, nbf: 1e300 }, /not valid yet/],
    ["valid in a millisecond", { ...good, nbf: seconds + 0.001 }, /not valid yet/],
    ["valid from a text on", { ...good, nbf: "0" }, /nbf is no time/],
    ["valid from minus infinity on", { ...good, nbf: Number.NEGATIVE_INFINITY }, /nbf is no time/],
    ["no subject", { iss: policy.issuer, aud: "api" }, /"sub" is missing/],
    ["an empty subject", { ...good, sub: "" }, /"sub" is empty/],
    ["a subject that is a number", { ...good, sub: 7 }, /"sub" is no text/],
    ["a subject that is null", { ...good, sub: null }, /"sub" is no text/],
    ["a reserved subject", { ...good, sub: "system:admin" }, /"sub" names a subject that is reserved/],
    ["the group of a policy as subject", { ...good, sub: "token:mobile" }, /reserved/],
    ["a Kubernetes user as subject", { ...good, sub: "k8s:admin" }, /reserved/],
    ["a subject that is too long", { ...good, sub: "s".repeat(513) }, /more than 512/],
    ["a subject with half a character", { ...good, sub: "a\ud800" }, /well-formed/],
    ["claims in deep nests", { ...good, more: deep(40) }, /deeper than 32/],
    ["narrowing that is no object", { ...good, "urn:x:permissions": true }, /no object of selectors/],
    ["an unknown selector", { ...good, "urn:x:permissions": { "b:*": true } }, /"b:\*" fits no pattern/],
  ])("%s", (_name, claims, detail) => {
    expect(evidence(claims)).toEqual({ valid: false, detail: expect.stringMatching(detail) });
  });

  test("claims that objects have of themselves are not there", () => {
    expect(
      evidence(JSON.parse('{"__proto__":{"iss":"https://issuer.example","aud":"api","sub":"ada"}}')),
    ).toMatchObject({
      valid: false,
    });
    expect(evidence(good, [{ ...policy, subjectClaim: "constructor" }])).toMatchObject({ valid: false });
    expect(evidence(good, [{ ...policy, subjectClaim: "__proto__" }])).toMatchObject({ valid: false });
  });

  test("without policies", () => {
    expect(evidence(good, [])).toMatchObject({ valid: false });
  });
});

test("whatever the claims are, there is an answer, and its detail holds no value of a claim", () => {
  const json = fc.jsonValue() as fc.Arbitrary<JsonValue>;
  const marked = fc.constantFrom<JsonValue>("s3cret", ["s3cret"], { s3cret: "s3cret" }, 1e300, null, "");
  const claim = fc.oneof(json, marked);
  const claims = fc.record(
    {
      iss: fc.oneof(fc.constant(policy.issuer), claim),
      aud: fc.oneof(fc.constant("api"), claim),
      sub: claim,
      exp: claim,
      nbf: claim,
    },
    { requiredKeys: [] },
  );
  fc.assert(
    fc.property(claims, (some) => {
      const found = evidence(some as JsonObject);
      if (!found.valid) expect(found.detail).not.toContain("s3cret");
      else expect(found.subject).not.toBe("");
    }),
    { numRuns: 500 },
  );
});
