import { createHash, createPublicKey, generateKeyPairSync, type KeyObject } from "node:crypto";
import type { Generation } from "./generations.ts";

/** An Ed25519 key that signs policies. Its id is the thumbprint of its public key (RFC 7638). */
export interface SigningKey extends Generation {
  /** 32 bytes, base64url: `x` of a JWK (RFC 8037). */
  readonly publicKey: string;
}

/** Makes a new pair of keys. */
export function makeSigningKey(): Required<Pick<SigningKey, "id" | "publicKey" | "key">> {
  const { privateKey } = generateKeyPairSync("ed25519");
  const publicKey = publicKeyOf(privateKey);
  const key = privateKey.export({ format: "pem", type: "pkcs8" }).toString();
  return { id: thumbprintOf(publicKey), publicKey, key };
}

/** The public key of a private one, as JWKs hold it. Throws where it is no Ed25519 key. */
export function publicKeyOf(privateKey: KeyObject): string {
  const { crv, x } = createPublicKey(privateKey).export({ format: "jwk" });
  if (crv !== "Ed25519" || x === undefined) throw new TypeError("The key is not an Ed25519 key");
  return x;
}

/** The key's id: SHA-256 of the canonical JWK, base64url. */
export function thumbprintOf(publicKey: string): string {
  // The members in lexicographic order, and no others (RFC 7638, 3.2).
  const jwk = JSON.stringify({ crv: "Ed25519", kty: "OKP", x: publicKey });
  return createHash("sha256").update(jwk).digest("base64url");
}

/** A JWKS of public keys, the same text for the same keys. */
export function formatPolicyKeys(keys: readonly Pick<SigningKey, "id" | "publicKey">[]): string {
  const set = keys.map(({ id, publicKey }) => ({
    ...{ kty: "OKP", crv: "Ed25519", use: "sig", alg: "EdDSA" },
    kid: id,
    x: publicKey,
  }));
  return `${JSON.stringify({ keys: set }, undefined, 2)}\n`;
}
