import type { Statement } from "../../engine/policy/statement.ts";

/** Tells whether the operator said something. */
export interface Verifier {
  /**
   * @param signature as delivered; empty where there is none
   * @throws SidegateError SG2008 without a signature, SG2009 for a key that is not trusted, SG2010 where the signature is
   *   not one of this statement by this key
   */
  verify(statement: Statement, signature: Uint8Array, keyId: string): void;
}
