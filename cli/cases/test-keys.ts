import {
  createECDH,
  createHash,
  createPrivateKey,
  createPublicKey,
  type JsonWebKey,
  type KeyObject,
} from "node:crypto";

/** A key pair for tokens in case files. Whoever reads this has it: no policy but that of a test may name it. */
export interface TestKey {
  /** The `kid` in tokens and key sets. */
  readonly id: string;
  readonly algorithm: "EdDSA" | "ES256";
  readonly privateKey: KeyObject;
  readonly publicKey: KeyObject;
  /** The public half as it stands in a JSON Web Key Set. */
  readonly jwk: JsonWebKey;
}

/** What an Ed25519 private key has before its 32 bytes in PKCS #8 (RFC 8410, section 7). */
const ED25519_PREFIX = Buffer.from("302e020100300506032b657004220420", "hex");

/** The keys by name. `stranger` is in no key set, so nothing that it signs is good. */
export const testKeys: ReadonlyMap<string, TestKey> = new Map(
  [deriveEd25519("eddsa"), deriveEs256("es256"), deriveEd25519("next"), deriveEd25519("stranger")].map(
    (key) => [key.id, key],
  ),
);

/** The keys that stand in a key set if none is named. */
const trusted = ["eddsa", "es256", "next"];

/**
 * The JSON Web Key Set of the named test keys, as TokenPolicies hold it.
 *
 * @returns undefined if a name is not that of a test key
 */
export function testKeySet(names: readonly string[] = trusted): string | undefined {
  const keys = names.map((name) => testKeys.get(name)?.jwk);
  return keys.includes(undefined) ? undefined : JSON.stringify({ keys });
}

/** Keys come from words that stand here, so that no file holds a private key and each run has the same. */
function seedOf(id: string): Buffer {
  return createHash("sha256").update(`sidegate test key ${id}`).digest();
}

function deriveEd25519(id: string): TestKey {
  const der = Buffer.concat([ED25519_PREFIX, seedOf(id)]);
  return toTestKey(id, "EdDSA", createPrivateKey({ key: der, format: "der", type: "pkcs8" }));
}

function deriveEs256(id: string): TestKey {
  const pair = createECDH("prime256v1");
  pair.setPrivateKey(seedOf(id));
  // Uncompressed: 4, then 32 bytes each of x and y.
  const point = pair.getPublicKey();
  const [x, y] = [point.subarray(1, 33), point.subarray(33)].map((part) => part.toString("base64url"));
  const jwk = { kty: "EC", crv: "P-256", x, y, d: pair.getPrivateKey("base64url") } as JsonWebKey;
  return toTestKey(id, "ES256", createPrivateKey({ key: jwk, format: "jwk" }));
}

function toTestKey(id: string, algorithm: TestKey["algorithm"], privateKey: KeyObject): TestKey {
  const publicKey = createPublicKey(privateKey);
  const jwk = { ...publicKey.export({ format: "jwk" }), kid: id, alg: algorithm, use: "sig" };
  return { id, algorithm, privateKey, publicKey, jwk };
}
