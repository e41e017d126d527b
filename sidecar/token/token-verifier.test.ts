import { createHmac, generateKeyPairSync, type KeyObject, sign } from "node:crypto";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { LoadedTokenPolicy } from "../../engine/token/token-policy.ts";
import { recordingLogger } from "../../test/support/silent-logger.ts";
import { TokenVerifier } from "./token-verifier.ts";

interface Signer {
  readonly alg: string;
  readonly kid?: string;
  readonly privateKey: KeyObject;
  readonly publicKey: KeyObject;
}

const ed = generateKeyPairSync("ed25519");
const rsa = generateKeyPairSync("rsa", { modulusLength: 2048 });
const ec = (namedCurve: string) => generateKeyPairSync("ec", { namedCurve });
const signers: readonly Signer[] = [
  { alg: "EdDSA", kid: "ed", ...ed },
  { alg: "Ed25519", kid: "ed2", ...generateKeyPairSync("ed25519") },
  { alg: "ES256", kid: "es256", ...ec("P-256") },
  { alg: "ES384", kid: "es384", ...ec("P-384") },
  { alg: "ES512", kid: "es512", ...ec("P-521") },
  ...["RS256", "RS384", "RS512", "PS256", "PS384", "PS512"].map((alg) => ({ alg, kid: alg, ...rsa })),
];
const signerOf = (kid: string) => signers.find((signer) => signer.kid === kid) as Signer;
const jwkOf = ({ alg, kid, publicKey }: Signer) => ({
  ...publicKey.export({ format: "jwk" }),
  alg,
  ...(kid && { kid }),
});
const jwksOf = (...some: readonly Signer[]) => JSON.stringify({ keys: some.map(jwkOf) });

const now = Date.UTC(2026, 0, 1);
const claims = { iss: "issuer", aud: "api", sub: "ada", "urn:x": { "a:*": true }, note: "s3cret" };

const policyWith = (jwks: string, more: Partial<LoadedTokenPolicy> = {}): LoadedTokenPolicy => ({
  name: "mobile",
  issuer: "issuer",
  audiences: ["api"],
  jwks,
  subjectClaim: "sub",
  narrowing: {
    claim: "urn:x",
    selectors: [{ pattern: "a:*", attribute: "a" }],
    absent: "Deny",
    unmatched: "Deny",
  },
  ...more,
});
const policy = policyWith(jwksOf(...signers));

const encode = (value: unknown) =>
  Buffer.from(typeof value === "string" ? value : JSON.stringify(value)).toString("base64url");

function signatureOf({ alg, privateKey }: Signer, content: string): Buffer {
  if (alg.startsWith("Ed")) return sign(null, Buffer.from(content), privateKey);
  const key = {
    key: privateKey,
    dsaEncoding: "ieee-p1363" as const,
    // RSA_PKCS1_PSS_PADDING, a salt as long as the digest; RSA_PKCS1_PADDING.
    ...(alg.startsWith("PS") && { padding: 6, saltLength: Number(alg.slice(2)) / 8 }),
    ...(alg.startsWith("RS") && { padding: 1 }),
  };
  return sign(`sha${alg.slice(2)}`, Buffer.from(content), key);
}

function tokenOf(signer: Signer, payload: unknown = claims, header: object = {}): string {
  const head = { alg: signer.alg, ...(signer.kid && { kid: signer.kid }), ...header };
  const content = `${encode(head)}.${encode(payload)}`;
  return `${content}.${signatureOf(signer, content).toString("base64url")}`;
}

function setUp() {
  const { logger, lines } = recordingLogger();
  const verifier = new TokenVerifier(logger);
  const verify = (token: string, policies = [policy]) => verifier.verify(policies, token, now);
  return { verify, lines };
}

const { verify } = setUp();
const valid = { valid: true, policy: "mobile", subject: "ada" };
const ada = signerOf("ed");

describe("a good signature proves the claims", () => {
  test.each(signers.map((signer) => [signer.alg, signer] as const))("of %s", async (_alg, signer) => {
    expect(await verify(tokenOf(signer))).toMatchObject({ ...valid, claims });
  });

  test("without key id, by the only key of the algorithm", async () => {
    const { kid: _, ...anonymous } = signerOf("es256");
    expect(await verify(tokenOf(anonymous))).toMatchObject(valid);
    expect(await verify(tokenOf(anonymous), [policyWith(jwksOf(anonymous))])).toMatchObject(valid);
  });

  test("by either key while an issuer changes them", async () => {
    const next = { ...ada, kid: "next", ...generateKeyPairSync("ed25519") };
    const both = policyWith(jwksOf(ada, next));
    expect(await verify(tokenOf(ada), [both])).toMatchObject(valid);
    expect(await verify(tokenOf(next), [both])).toMatchObject(valid);
    expect(await verify(tokenOf(ada), [policyWith(jwksOf(next))])).toMatchObject({ valid: false });
  });

  test("of the policy that the issuer selects, with the keys of that one only", async () => {
    const theirs = policyWith(jwksOf(signerOf("es256")), { name: "theirs", issuer: "theirs" });
    const ours = policyWith(jwksOf(ada));
    expect(await verify(tokenOf(ada), [theirs, ours])).toMatchObject(valid);
    expect(await verify(tokenOf(ada, { ...claims, iss: "theirs" }), [theirs, ours])).toMatchObject({
      valid: false,
    });
  });
});

describe("refused", () => {
  const good = tokenOf(ada);
  const [header, payload, signature] = good.split(".") as [string, string, string];
  const hmac = (secret: string | Buffer, head: object) => {
    const content = `${encode(head)}.${payload}`;
    return `${content}.${createHmac("sha256", secret).update(content).digest("base64url")}`;
  };
  const pem = rsa.publicKey.export({ format: "pem", type: "spki" });
  const stranger = { ...ada, ...generateKeyPairSync("ed25519") };
  const raw = (head: string) => {
    const content = `${encode(head)}.${payload}`;
    return `${content}.${signatureOf(ada, content).toString("base64url")}`;
  };

  test.each<[string, string, RegExp]>([
    ["another's signature", tokenOf(stranger), /signature is not good/],
    [
      "changed claims",
      `${header}.${encode({ ...claims, sub: "eve" })}.${signature}`,
      /signature is not good/,
    ],
    [
      "a changed header",
      `${encode({ alg: "EdDSA", kid: "ed", typ: "x" })}.${payload}.${signature}`,
      /signature is not good/,
    ],
    ["an empty signature", `${header}.${payload}.`, /signature/],
    ["a short signature", `${header}.${payload}.AAAA`, /signature/],
    ["no algorithm", `${encode({ alg: "none" })}.${payload}.`, /no key of the policy is for the algorithm/],
    [
      "no algorithm, in capitals",
      `${encode({ alg: "NONE", kid: "ed" })}.${payload}.`,
      /no key of the policy is for/,
    ],
    ["no algorithm, with a signature", tokenOf(ada, claims, { alg: "none" }), /no key of the policy is for/],
    [
      "an HMAC with the public key as PEM",
      hmac(pem, { alg: "HS256", kid: "RS256" }),
      /no key of the policy is for/,
    ],
    [
      "an HMAC with the key set",
      hmac(policy.jwks, { alg: "HS256" }),
      /no key of the policy is for the algorithm/,
    ],
    [
      "an HMAC that says it is a signature",
      hmac(pem, { alg: "RS256", kid: "RS256" }),
      /signature is not good/,
    ],
    ["an unknown key id", tokenOf({ ...ada, kid: "other" }), /no key of the policy has the key id/],
    ["a key id of objects", tokenOf({ ...ada, kid: "__proto__" }), /no key of the policy has the key id/],
    ["a key id in a list", tokenOf(ada, claims, { kid: ["ed"] }), /key id that is no text/],
    [
      "another algorithm than the key's",
      tokenOf(signerOf("RS256"), claims, { kid: "PS256" }),
      /no key of the policy is for/,
    ],
    [
      "a key of the same kind, but another name",
      tokenOf(ada, claims, { alg: "Ed25519" }),
      /no key of the policy is for/,
    ],
    [
      "a key that the token brings",
      tokenOf(stranger, claims, { jwk: jwkOf(stranger), kid: "ed" }),
      /signature is not good/,
    ],
    ["critical extensions", tokenOf(ada, claims, { crit: ["exp"], exp: 1 }), /critical extensions/],
    ["the critical extension b64", tokenOf(ada, claims, { crit: ["b64"], b64: true }), /critical extensions/],
    ["an empty list of them", tokenOf(ada, claims, { crit: [] }), /critical extensions/],
    ["no algorithm named", tokenOf(ada, claims, { alg: undefined }), /names no algorithm/],
    ["an algorithm in a list", tokenOf(ada, claims, { alg: ["EdDSA"] }), /names no algorithm/],
    ["an encrypted token", `${good}.AAAA.AAAA`, /encrypted/],
    ["a token in a token", tokenOf(ada, good, { cty: "JWT" }), /claims are no JSON object/],
    ["claims in a list", tokenOf(ada, [claims]), /claims are no JSON object/],
    ["claims that are null", tokenOf(ada, "null"), /claims are no JSON object/],
    [
      "claims in another encoding",
      tokenOf(ada, `{"iss":"issuer","aud":"api","sub":"ad\\ud800"}`),
      /well-formed/,
    ],
    ["a header in a list", raw("[]"), /header is no JSON object/],
    ["a header that is no JSON", raw("{alg:EdDSA}"), /header is no JSON object/],
    ["a header with a byte order mark", raw('\ufeff{"alg":"EdDSA","kid":"ed"}'), /header is no JSON object/],
    [
      "the last of two algorithms",
      raw('{"alg":"EdDSA","kid":"ed","alg":"none"}'),
      /no key of the policy is for/,
    ],
    [
      "the last of two key ids",
      raw('{"alg":"EdDSA","kid":"ed","kid":"es256"}'),
      /no key of the policy is for/,
    ],
    ["two parts", `${header}.${payload}`, /not three parts/],
    ["four parts", `${good}.AAAA`, /not three parts/],
    ["six parts", `${good}.A.A.A`, /not three parts/],
    ["a word", "s3cret", /not three parts/],
    ["dots", "..", /header is no JSON object/],
    ["base64 instead of base64url", `${header}.${payload}.${signature.slice(0, -2)}+/`, /no base64url/],
    ["padding", `${header}.${payload}.${signature}==`, /no base64url/],
    ["a line end", `${good}\n`, /no base64url/],
    ["the JSON form", JSON.stringify({ payload, protected: header, signature }), /three parts|base64url/],
    [
      "no text in UTF-8",
      `${Buffer.from([0xff]).toString("base64url")}.${payload}.${signature}`,
      /header is no JSON object/,
    ],
    ["a token of 1 MB", `${header}.${"A".repeat(1 << 20)}.${signature}`, /more than 16384 characters/],
    ["the most dots that fit", ".".repeat(16_384), /not three parts/],
    ["a header in deep nests", raw("[".repeat(5000) + "]".repeat(5000)), /header is no JSON object/],
    [
      "claims in deep nests",
      tokenOf(ada, `{"iss":"issuer","aud":"api","sub":"a","x":${"[".repeat(5000)}${"]".repeat(5000)}}`),
      /deeper than 32/,
    ],
    [
      "a claim twice: the last counts",
      tokenOf(ada, '{"iss":"issuer","aud":"api","sub":"ada","sub":"system:x"}'),
      /reserved/,
    ],
    ["expired", tokenOf(ada, { ...claims, exp: now / 1000 }), /expired/],
  ])("%s", async (_name, token, detail) => {
    const evidence = await verify(token);
    expect(evidence).toEqual({ valid: false, detail: expect.stringMatching(detail) });
  });

  test("what is wrong with a signature comes before what is wrong with the claims", async () => {
    expect(await verify(tokenOf(stranger, { ...claims, exp: 0 }))).toMatchObject({
      detail: expect.stringMatching(/signature is not good/),
    });
  });

  test("without keys", async () => {
    for (const jwks of ["", '{"keys":[]}', "nonsense"]) {
      expect(await verify(good, [policyWith(jwks)])).toMatchObject({
        detail: "no keys of the policy are known",
      });
    }
  });

  test("by keys that are symmetric, private or name no algorithm, which are reported once", async () => {
    const { verify, lines } = setUp();
    const { alg: _, ...nameless } = jwkOf(ada);
    const secret = Buffer.from("s3cret-s3cret-s3cret-s3cret-s3cret");
    const jwks = JSON.stringify({
      keys: [
        { kty: "oct", alg: "HS256", kid: "oct", k: secret.toString("base64url") },
        { ...ada.privateKey.export({ format: "jwk" }), alg: "EdDSA", kid: "ed" },
        nameless,
      ],
    });
    const head = { alg: "HS256", kid: "oct" };
    for (const token of [good, hmac(secret, head), hmac(secret.toString("base64url"), head), good]) {
      expect(await verify(token, [policyWith(jwks)])).toMatchObject({ valid: false });
    }
    expect(lines.map(({ policy, place, msg }) => ({ policy, place, msg }))).toEqual(
      [0, 1, 2].map((place) => ({ policy: "mobile", place, msg: "A key of a token policy can not be used" })),
    );
    expect(JSON.stringify(lines)).not.toContain(secret.toString("base64url"));
  });

  test("addresses of keys in a header are not followed", async () => {
    let calls = 0;
    const server = createServer((_request, response) => {
      calls++;
      response.end(jwksOf(stranger));
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const address = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
    try {
      for (const kid of ["ed", "new"]) {
        const token = tokenOf(stranger, claims, { jku: address, x5u: address, x5c: [encode("x")], kid });
        expect(await verify(token)).toMatchObject({ valid: false });
      }
      expect(calls).toBe(0);
    } finally {
      server.close();
    }
  });
});

test("what is logged and answered holds nothing of a token", async () => {
  const { verify, lines } = setUp();
  const secret = "s3cret";
  const deny = { ...claims, [secret]: secret, jti: secret };
  const tokens = [
    tokenOf(ada, { ...deny, sub: `system:${secret}` }),
    tokenOf(ada, { ...deny, sub: secret.repeat(100) }),
    tokenOf(ada, { ...deny, aud: secret }),
    tokenOf(ada, { ...deny, iss: secret }),
    tokenOf(ada, { ...deny, exp: secret }),
    tokenOf(ada, { ...deny, "urn:x": { "a:*": secret } }),
    tokenOf(ada, { ...deny, "urn:x": secret }),
    tokenOf(ada, deny, { kid: secret }),
    tokenOf(ada, deny, { alg: secret }),
    tokenOf({ ...ada, ...generateKeyPairSync("ed25519") }, deny),
    `${secret}.${secret}.${secret}`,
    secret,
  ];
  for (const token of tokens) {
    const evidence = await verify(token, [policy, policyWith("broken", { name: "other", issuer: "other" })]);
    expect(evidence.valid).toBe(false);
    const said = JSON.stringify([evidence, lines]);
    for (const part of [secret, ...token.split(".")]) expect(said).not.toContain(part);
  }
});

test("many at once are verified, each for itself", async () => {
  const answers = await Promise.all(
    Array.from({ length: 200 }, (_, i) =>
      verify(
        i % 3 === 0
          ? tokenOf({ ...ada, ...ec("P-256"), alg: "ES256" })
          : tokenOf(ada, { ...claims, sub: `u${i}` }),
      ),
    ),
  );
  expect(answers.map((answer) => (answer.valid ? answer.subject : undefined))).toEqual(
    answers.map((_, i) => (i % 3 === 0 ? undefined : `u${i}`)),
  );
});

test("whatever is sent, there is an answer, and nothing but a good signature is valid", async () => {
  const part = fc.oneof(
    fc.base64String().map((text) => text.replace(/[+/=]/g, "-")),
    fc.json().map(encode),
    fc.constantFrom(...tokenOf(ada).split(".")),
    fc.string(),
  );
  await fc.assert(
    fc.asyncProperty(fc.array(part, { maxLength: 6 }), async (parts) => {
      const token = parts.join(".");
      const evidence = await verify(token);
      expect(evidence.valid).toBe(token === tokenOf(ada));
    }),
    { numRuns: 300 },
  );
});
