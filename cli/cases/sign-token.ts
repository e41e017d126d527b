import { createHmac, sign } from "node:crypto";
import type { SidegateObject, TokenPolicy } from "../../engine/model/objects.generated.ts";
import type { Json, JsonObject } from "../../proto/struct.ts";
import type { Tampering, TokenDocument } from "./case-file.ts";
import type { CaseToken } from "./case-world.ts";
import { type TestKey, testKeys } from "./test-keys.ts";

/** How long a token is good if it does not say, in seconds. */
const LIFETIME = 300;

/**
 * Makes the token of a case, with a test key.
 *
 * @param objects where the token's policy stands
 * @param now milliseconds since 1970
 * @throws Error where it names a policy or key that is not there
 */
export function signToken(
  document: TokenDocument,
  objects: readonly SidegateObject[],
  now: number,
): CaseToken {
  const key = testKeys.get(document.key ?? "eddsa");
  if (key === undefined)
    throw new Error(`the key ${document.key} is none of ${[...testKeys.keys()].join(", ")}`);
  const claims = claimsOf(document, objects, now);
  const header = withoutNulls({ alg: key.algorithm, kid: key.id, typ: "JWT", ...document.header });
  if (document.tamper !== undefined) {
    return { text: forge(document.tamper, header, claims, key), header, claims, signedBy: undefined };
  }
  const isHonest = header.alg === key.algorithm;
  return { text: signed(header, claims, key), header, claims, signedBy: isHonest ? key.id : undefined };
}

/** A token whose signature is none of its key. */
function forge(how: Tampering, header: JsonObject, claims: JsonObject, key: TestKey): string {
  switch (how) {
    case "Payload": {
      const [head, , signature] = signed(header, { ...claims, jti: "another" }, key).split(".");
      return `${head}.${encode(claims)}.${signature}`;
    }
    case "Signature":
      return `${encode(header)}.${encode(claims)}.${"A".repeat(86)}`;
    case "Unsigned":
      return `${encode({ ...header, alg: "none" })}.${encode(claims)}.`;
    case "HMAC": {
      const content = `${encode({ ...header, alg: "HS256" })}.${encode(claims)}`;
      const secret = key.publicKey.export({ format: "pem", type: "spki" });
      return `${content}.${createHmac("sha256", secret).update(content).digest("base64url")}`;
    }
  }
}

/** What is written, with the policy's issuer and first audience and an expiry where nothing else is said. */
function claimsOf(document: TokenDocument, objects: readonly SidegateObject[], now: number): JsonObject {
  const { policy: name, expires, notBefore, without = [] } = document;
  const policy = objects.find(
    (object): object is TokenPolicy => object.kind === "TokenPolicy" && object.metadata.name === name,
  );
  if (name !== undefined && policy === undefined) throw new Error(`there is no TokenPolicy/${name}`);
  const all: JsonObject = {
    ...(policy && { iss: policy.spec.issuer, aud: policy.spec.audiences[0] as string }),
    iat: Math.floor(now / 1000),
    exp: expires === undefined ? Math.floor(now / 1000) + LIFETIME : Date.parse(expires) / 1000,
    ...(notBefore !== undefined && { nbf: Date.parse(notBefore) / 1000 }),
    ...document.claims,
  };
  return Object.fromEntries(Object.entries(all).filter(([claim]) => !without.includes(claim)));
}

function withoutNulls(members: JsonObject): JsonObject {
  return Object.fromEntries(Object.entries(members).filter(([, value]) => value !== null));
}

function signed(header: JsonObject, claims: JsonObject, key: TestKey): string {
  const content = `${encode(header)}.${encode(claims)}`;
  const signature = sign(key.algorithm === "ES256" ? "sha256" : null, Buffer.from(content), {
    key: key.privateKey,
    dsaEncoding: "ieee-p1363",
  });
  return `${content}.${signature.toString("base64url")}`;
}

function encode(json: Json): string {
  return Buffer.from(JSON.stringify(json)).toString("base64url");
}
