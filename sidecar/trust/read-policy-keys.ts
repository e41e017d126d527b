import { createPublicKey, type KeyObject } from "node:crypto";

/** Keys that may sign policies. */
export interface PolicyKeySet {
  /** Ed25519 public keys by id. */
  readonly keys: ReadonlyMap<string, KeyObject>;
  /** Why other entries do not count, a text for each. */
  readonly ignored: readonly string[];
}

/** Entries of a set. The operator publishes two or three. */
const MOST_KEYS = 64;
const LONGEST_ID = 256;
/** An Ed25519 public key has 32 bytes, which are 43 characters of base64url. */
const KEY = /^[A-Za-z0-9_-]{43}$/;

/**
 * Reads a JWKS (RFC 7517, RFC 8037). Entries that are no Ed25519 key for signatures are passed over, as RFC 7517 asks for
 * what one does not understand; a set in which none is left trusts nobody.
 *
 * @throws Error where the text is no JWKS, has too many entries, or names two keys alike
 */
export function readPolicyKeys(text: string): PolicyKeySet {
  const set: unknown = JSON.parse(text);
  const entries = isRecord(set) ? set.keys : undefined;
  if (!Array.isArray(entries)) throw new Error('it has no list "keys"');
  if (entries.length > MOST_KEYS) throw new Error(`it has ${entries.length} keys, more than ${MOST_KEYS}`);
  const keys = new Map<string, KeyObject>();
  const ignored: string[] = [];
  entries.forEach((entry: unknown, index) => {
    const problem = problemOf(entry);
    if (problem !== undefined) {
      ignored.push(`keys[${index}]: ${problem}`);
      return;
    }
    const { kid, x } = entry as { kid: string; x: string };
    if (keys.has(kid)) throw new Error(`two keys have the id ${JSON.stringify(kid)}`);
    // Of the public parts only, whatever else the entry holds.
    keys.set(kid, createPublicKey({ key: { kty: "OKP", crv: "Ed25519", x }, format: "jwk" }));
  });
  return { keys, ignored };
}

function problemOf(entry: unknown): string | undefined {
  if (!isRecord(entry)) return "it is no key";
  const { kty, crv, use = "sig", alg = "EdDSA", kid, x } = entry;
  if (kty !== "OKP" || crv !== "Ed25519") return "it is no Ed25519 key";
  if (use !== "sig" || (alg !== "EdDSA" && alg !== "Ed25519")) return "it is not for signatures";
  if (typeof kid !== "string" || kid === "" || kid.length > LONGEST_ID) return "it has no usable id";
  return typeof x === "string" && KEY.test(x) ? undefined : "its public key has not 32 bytes";
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null;
}
