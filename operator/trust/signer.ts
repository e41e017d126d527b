import type { Statement } from "../../engine/policy/statement.ts";

/** A signature and the id of the key that made it. */
export interface Signed {
  /** Ed25519, 64 bytes. */
  readonly signature: Uint8Array;
  readonly keyId: string;
}

/** Signs what this replica says of policies. It takes some 50 microseconds, so sign once for all sidecars. */
export interface Signer {
  sign(statement: Statement): Signed;
}
