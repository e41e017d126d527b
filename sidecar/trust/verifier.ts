import { type KeyObject, verify } from "node:crypto";
import { SidegateError } from "../../engine/errors/sidegate-error.ts";
import { encodeStatement, type Statement } from "../../engine/policy/statement.ts";

/** Tells whether the operator said something. */
export interface Verifier {
  /**
   * @param signature as delivered; empty where there is none
   * @throws SidegateError SG2008 without a signature, SG2009 for a key that is not trusted, SG2010 where the signature is
   *   not one of this statement by this key
   */
  verify(statement: Statement, signature: Uint8Array, keyId: string): void;
}

/** Whatever trusts keys by their ids. */
export interface TrustedKeys {
  get(id: string): KeyObject | undefined;
}

const SIGNATURE_BYTES = 64;

/** Verifies Ed25519 signatures by keys that are trusted at that instant. It takes some 100 microseconds. */
export function createVerifier(keys: TrustedKeys): Verifier {
  return {
    verify(statement, signature, keyId) {
      const facts = `domain "${statement.domain}", revision ${statement.revision}`;
      if (signature.length === 0) throw new SidegateError("SG2008", facts);
      const key = keys.get(keyId);
      if (key === undefined) {
        throw new SidegateError("SG2009", `${facts}: key ${JSON.stringify(keyId.slice(0, 64))}`);
      }
      if (signature.length !== SIGNATURE_BYTES || !verify(null, encodeStatement(statement), key, signature)) {
        throw new SidegateError("SG2010", `${facts}: key ${JSON.stringify(keyId.slice(0, 64))}`);
      }
    },
  };
}

/** Whether an error says that a signature is missing, of a stranger, or wrong. */
export function isDistrust(error: unknown): error is SidegateError {
  return error instanceof SidegateError && ["SG2008", "SG2009", "SG2010"].includes(error.code);
}
