import { type PublicKey, readPublicKey } from "./public-key.ts";

/**
 * The keys of a JSON Web Key Set (RFC 7517, section 5) that can check tokens, and what keeps the others from it. Keys that
 * are for something else, such as encryption, are passed over.
 */
export interface JsonWebKeySet {
  /** Each once. */
  readonly keys: readonly PublicKey[];
  readonly ignored: readonly IgnoredKey[];
}

export interface IgnoredKey {
  /** Its place in the set, from 0. */
  readonly place: number;
  /** The end of the sentence "the key ...". */
  readonly why: string;
}

/** Keys of a set; more are no set of a sane issuer. */
const MOST_KEYS = 256;

/**
 * Reads a key set. Members that it does not know are left alone, as the RFC asks; x5u, x5c and the like are never followed.
 *
 * @returns or what is wrong with the set as a whole, as a sentence without full stop
 */
export function readKeySet(text: string): JsonWebKeySet | string {
  let set: unknown;
  try {
    set = JSON.parse(text);
  } catch {
    // What the parser says quotes the text, which might be anything.
    return "the key set is no JSON";
  }
  const entries = typeof set === "object" && set !== null ? (set as { keys?: unknown }).keys : undefined;
  if (!Array.isArray(entries)) return 'the key set is no JSON object with a list "keys"';
  if (entries.length > MOST_KEYS) return `the key set has more than ${MOST_KEYS} keys`;
  const keys = new Map<string, PublicKey>();
  const ignored: IgnoredKey[] = [];
  for (const [place, entry] of entries.entries()) {
    const key = readPublicKey(entry);
    if (!("why" in key)) keys.set(JSON.stringify(key), key);
    else if (!key.isForOtherUse) ignored.push({ place, why: key.why });
  }
  return { keys: [...keys.values()], ignored };
}

/** The text of a set of these keys, the same for the same keys in whatever order. */
export function formatKeySet(keys: readonly PublicKey[]): string {
  return `{"keys":[${keys
    .map((key) => JSON.stringify(key))
    .sort()
    .join(",")}]}`;
}
