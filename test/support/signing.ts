import { createPublicKey, generateKeyPairSync, type KeyObject, sign } from "node:crypto";
import { encodeStatement, type Statement } from "../../engine/policy/statement.ts";

/** A key that signs statements as an operator does. */
export interface TestKey {
  readonly id: string;
  readonly publicKey: KeyObject;
  /** The public key as an entry of a JWKS. */
  readonly jwk: Readonly<Record<string, unknown>>;
  sign(statement: Statement): { readonly signature: Buffer; readonly keyId: string };
}

export function createTestKey(id: string): TestKey {
  const { privateKey } = generateKeyPairSync("ed25519");
  const publicKey = createPublicKey(privateKey);
  return {
    id,
    publicKey,
    jwk: { ...publicKey.export({ format: "jwk" }), kid: id, use: "sig", alg: "EdDSA" },
    sign: (statement) => ({ signature: sign(null, encodeStatement(statement), privateKey), keyId: id }),
  };
}

/** A JWKS of their public keys. */
export function jwksOf(...keys: readonly TestKey[]): string {
  return JSON.stringify({ keys: keys.map(({ jwk }) => jwk) });
}
