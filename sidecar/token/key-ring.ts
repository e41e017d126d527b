import type { CryptoKey } from "jose";
import { importJWK } from "jose/key/import";
import { LRUCache } from "lru-cache";
import { type IgnoredKey, readKeySet } from "../../engine/token/json-web-key-set.ts";
import type { PublicKey } from "../../engine/token/public-key.ts";

/** A public key that is ready for use. */
export interface ReadyKey {
  readonly alg: string;
  readonly kid?: string;
  readonly key: CryptoKey;
}

/** A key set that is ready for use. */
export interface ReadyKeys {
  readonly keys: readonly ReadyKey[];
  /** What can not be used of it. */
  readonly ignored: readonly IgnoredKey[];
  /** Why nothing of it can be used; undefined: it can be read. */
  readonly problem: string | undefined;
}

/** Sets that are kept. There is one for each TokenPolicy of the domains served, and a few that were replaced. */
const MOST_SETS = 256;

/** Key sets by their text. Importing a key takes longer than checking a signature with it, so those used last are kept. */
export class KeyRing {
  readonly #sets: LRUCache<string, Promise<ReadyKeys>>;

  constructor(most: number = MOST_SETS) {
    this.#sets = new LRUCache({ max: most });
  }

  /** The keys of a set, ready for use; never rejects. */
  get(jwks: string): Promise<ReadyKeys> {
    const known = this.#sets.get(jwks);
    if (known !== undefined) return known;
    const ready = makeReady(jwks);
    this.#sets.set(jwks, ready);
    return ready;
  }

  /** How many sets are kept. */
  get size(): number {
    return this.#sets.size;
  }
}

async function makeReady(jwks: string): Promise<ReadyKeys> {
  if (jwks === "") return { keys: [], ignored: [], problem: undefined };
  const set = readKeySet(jwks);
  if (typeof set === "string") return { keys: [], ignored: [], problem: set };
  try {
    const keys = await Promise.all(set.keys.map(importKey));
    return { keys, ignored: set.ignored, problem: undefined };
  } catch {
    // Reading the set has tried each key, so this is no matter of one of them.
    return { keys: [], ignored: set.ignored, problem: "the keys can not be imported" };
  }
}

async function importKey(jwk: PublicKey): Promise<ReadyKey> {
  const { alg, kid } = jwk;
  const key = (await importJWK({ ...jwk }, alg)) as CryptoKey;
  return { alg, key, ...(kid !== undefined && { kid }) };
}
