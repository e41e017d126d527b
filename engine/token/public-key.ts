import { createPublicKey } from "node:crypto";

/** A public key that can check the signatures of tokens, as a JSON Web Key (RFC 7517) with these members and no others. */
export interface PublicKey {
  readonly kty: "OKP" | "EC" | "RSA";
  readonly alg: string;
  readonly kid?: string;
  readonly crv?: string;
  readonly x?: string;
  readonly y?: string;
  readonly n?: string;
  readonly e?: string;
}

/** Why a key is of no use: the end of the sentence "the key ...". */
export interface UnusableKey {
  readonly why: string;
  /** Whether it is meant for something else, such as encryption. */
  readonly isForOtherUse: boolean;
}

interface Curve {
  readonly kty: "OKP" | "EC";
  readonly algorithms: readonly string[];
  /** Octets of a coordinate. */
  readonly octets: number;
}

/** RFC 8037, RFC 9864, and RFC 7518, 3.4. */
const curves: ReadonlyMap<unknown, Curve> = new Map([
  ["Ed25519", { kty: "OKP", algorithms: ["EdDSA", "Ed25519"], octets: 32 }],
  ["P-256", { kty: "EC", algorithms: ["ES256"], octets: 32 }],
  ["P-384", { kty: "EC", algorithms: ["ES384"], octets: 48 }],
  ["P-521", { kty: "EC", algorithms: ["ES512"], octets: 66 }],
]);

const rsaAlgorithms = ["RS256", "RS384", "RS512", "PS256", "PS384", "PS512"];

/** Bits of an RSA modulus: at least what RFC 7518, 3.3 asks for; at most what does not keep a core busy. */
const [LEAST_BITS, MOST_BITS] = [2048, 8192];
/** Octets of an RSA exponent; larger ones make checking slow. */
const MOST_EXPONENT = 4;
/** Characters of a key's id. */
const MOST_ID = 512;

/** Members that only private and symmetric keys have (RFC 7518, 6). */
const secrets = ["d", "p", "q", "dp", "dq", "qi", "oth", "k", "priv"];

const BASE64URL = /^[A-Za-z0-9_-]+$/;

/**
 * Reads a JSON Web Key and keeps what checking a signature takes. Only asymmetric keys that name their algorithm are used, so
 * that a token can not choose another one for the key.
 */
export function readPublicKey(key: unknown): PublicKey | UnusableKey {
  if (typeof key !== "object" || key === null || Array.isArray(key)) return unusable("is no JSON object");
  const members = new Map<string, unknown>(Object.entries(key));
  const secret = secrets.find((member) => members.has(member));
  if (members.get("kty") === "oct") return unusable("is symmetric; whoever can check with it can sign");
  if (secret !== undefined)
    return unusable(`is private (it has "${secret}"); replace it by a new one at once`);
  const use = members.get("use");
  if (use !== undefined && use !== "sig") return unusable('is not for signatures ("use" is not "sig")', true);
  const operations = members.get("key_ops");
  if (operations !== undefined && !(Array.isArray(operations) && operations.includes("verify"))) {
    return unusable('is not for checking signatures ("key_ops" has no "verify")', Array.isArray(operations));
  }
  const kid = members.get("kid");
  if (kid !== undefined && !(typeof kid === "string" && kid.length <= MOST_ID)) {
    return unusable(`has a "kid" that is no text of at most ${MOST_ID} characters`);
  }
  const alg = members.get("alg");
  if (typeof alg !== "string") return unusable('names no algorithm; add "alg"');
  const named = { alg, ...(kid !== undefined && { kid }) };
  const read = members.get("kty") === "RSA" ? readRsa(members, named) : readCurve(members, named);
  return "why" in read || isKey(read)
    ? read
    : unusable("is none of its kind, for example a point off its curve");
}

function isKey(key: PublicKey): boolean {
  try {
    createPublicKey({ key: { ...key }, format: "jwk" });
    return true;
  } catch {
    return false;
  }
}

type Named = Pick<PublicKey, "alg" | "kid">;

function readRsa(members: ReadonlyMap<string, unknown>, named: Named): PublicKey | UnusableKey {
  if (!rsaAlgorithms.includes(named.alg))
    return unusable(`has an "alg" that is none of ${rsaAlgorithms.join(", ")}`);
  const n = readOctets(members.get("n"));
  const e = readOctets(members.get("e"));
  if (n === undefined || e === undefined) return unusable('lacks "n" or "e" in base64url');
  const bits = bitLength(n);
  if (bits < LEAST_BITS || bits > MOST_BITS) {
    return unusable(`has ${bits} bits; ${LEAST_BITS} to ${MOST_BITS} are used`);
  }
  // With the exponent 1 every text is its own signature.
  const exponent = e.readUIntBE(0, Math.min(e.length, MOST_EXPONENT));
  if (e.length > MOST_EXPONENT || exponent < 3 || exponent % 2 === 0) {
    return unusable(`has an exponent that is even, less than 3 or over ${MOST_EXPONENT * 8} bits`);
  }
  return { kty: "RSA", ...named, n: n.toString("base64url"), e: e.toString("base64url") };
}

function readCurve(members: ReadonlyMap<string, unknown>, named: Named): PublicKey | UnusableKey {
  const crv = members.get("crv");
  const curve = curves.get(crv);
  if (curve === undefined || curve.kty !== members.get("kty")) {
    return unusable(`is none of RSA, ${[...curves.keys()].join(", ")}`);
  }
  const { kty, algorithms, octets } = curve;
  if (!algorithms.includes(named.alg)) return unusable(`has an "alg" other than ${algorithms.join(" or ")}`);
  const coordinates = kty === "OKP" ? ["x"] : ["x", "y"];
  const values = coordinates.map((name) => readOctets(members.get(name)));
  if (values.some((value) => value?.length !== octets)) {
    return unusable(`lacks ${coordinates.join(" or ")} of ${octets} octets in base64url`);
  }
  const [x, y] = values.map((value) => (value as Buffer).toString("base64url")) as [string, string?];
  return { kty, ...named, crv: crv as string, x, ...(y !== undefined && { y }) };
}

function readOctets(value: unknown): Buffer | undefined {
  return typeof value === "string" && BASE64URL.test(value) ? Buffer.from(value, "base64url") : undefined;
}

function bitLength(octets: Buffer): number {
  const first = octets.findIndex((octet) => octet !== 0);
  return first < 0 ? 0 : (octets.length - first) * 8 - (Math.clz32(octets[first]!) - 24);
}

function unusable(why: string, isForOtherUse = false): UnusableKey {
  return { why, isForOtherUse };
}
