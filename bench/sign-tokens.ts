import { generateKeyPairSync, type KeyObject, sign } from "node:crypto";
import type { TokenPolicy } from "../engine/model/objects.generated.ts";
import { apiVersion } from "../engine/model/objects.generated.ts";
import { DOMAIN } from "./world-plan.ts";

const ISSUER = "https://issuer.example";
const AUDIENCE = "bench";
const CLAIM = "urn:bench:permissions";

/** The algorithm that most issuers use, and the one that is quickest to check. */
export const algorithms = ["RS256", "EdDSA"] as const;
export type Algorithm = (typeof algorithms)[number];

/** Signs tokens, and says by which TokenPolicy they are verified. */
export class TokenSigner {
  readonly policy: TokenPolicy;
  readonly #keys: Readonly<Record<Algorithm, KeyObject>>;

  constructor() {
    const pairs = {
      RS256: generateKeyPairSync("rsa", { modulusLength: 2048 }),
      EdDSA: generateKeyPairSync("ed25519"),
    };
    this.#keys = { RS256: pairs.RS256.privateKey, EdDSA: pairs.EdDSA.privateKey };
    const keys = algorithms.map((alg) => ({
      ...pairs[alg].publicKey.export({ format: "jwk" }),
      alg,
      kid: alg,
    }));
    this.policy = {
      ...{ apiVersion, kind: "TokenPolicy", metadata: { name: "bench", namespace: DOMAIN } },
      spec: {
        ...{ issuer: ISSUER, audiences: [AUDIENCE], keys: { jwks: JSON.stringify({ keys }) } },
        narrowing: {
          claim: CLAIM,
          selectors: [
            { pattern: "connection:*", attribute: "connection" },
            { pattern: "connection:[id]", attribute: "connection" },
          ],
        },
      },
    };
  }

  /** A token for a user that narrows to what it may do with two connections, and with all others. */
  sign(algorithm: Algorithm, user: string, expiresAt: number): string {
    const claims = {
      ...{ iss: ISSUER, aud: AUDIENCE, sub: user, exp: Math.floor(expiresAt / 1000) },
      [CLAIM]: {
        "connection:*": ["logs"],
        "connection:1": true,
        "connection:2": ["connections:manage", "logs"],
      },
    };
    const content = [{ alg: algorithm, kid: algorithm }, claims].map(encode).join(".");
    const digest = algorithm === "RS256" ? "sha256" : null;
    return `${content}.${sign(digest, Buffer.from(content), this.#keys[algorithm]).toString("base64url")}`;
  }
}

function encode(part: object): string {
  return Buffer.from(JSON.stringify(part)).toString("base64url");
}
