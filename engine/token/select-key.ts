import { quote } from "../model/quote.ts";
import type { PublicKey } from "./public-key.ts";

/** What the header of a token says of its key. */
export interface KeyHint {
  readonly alg: string;
  readonly kid: string | undefined;
}

/**
 * The key that a token's signature must be good for: that of its `kid` and algorithm, or, without `kid`, the only one of its
 * algorithm. It is never the header that says what a key is used for.
 *
 * @returns or why there is none, as a sentence without full stop
 */
export function selectKey<K extends Pick<PublicKey, "alg" | "kid">>(
  keys: readonly K[],
  { alg, kid }: KeyHint,
): K | string {
  const named = kid === undefined ? keys : keys.filter((key) => key.kid === kid);
  const [key, another] = named.filter((candidate) => candidate.alg === alg);
  if (key === undefined) {
    if (keys.length === 0) return "no keys of the policy are known";
    if (named.length === 0) return "no key of the policy has the key id of the token";
    return `no key of the policy is for the algorithm of the token${kid === undefined ? "" : " and its key id"}`;
  }
  if (another === undefined) return key;
  return kid === undefined
    ? `the token names no key id, and several keys are for ${quote(alg)}`
    : "several keys of the policy have the key id of the token";
}
