/** Bits that a 32-bit FNV-1a hash starts with (http://www.isthe.com/chongo/tech/comp/fnv/). */
export const HASH_START = 0x811c9dc5;

/** Adds one byte to an FNV-1a hash. */
export function hashByte(hash: number, byte: number): number {
  return Math.imul(hash ^ byte, 0x01000193);
}

/**
 * Spreads the bits of a hash (the finalizer of MurmurHash3), so that any of them may select a slot. The result is a signed
 * 32-bit integer, which the engine keeps unboxed.
 */
export function finishHash(hash: number): number {
  let mixed = hash ^ (hash >>> 16);
  mixed = Math.imul(mixed, 0x85ebca6b);
  mixed ^= mixed >>> 13;
  mixed = Math.imul(mixed, 0xc2b2ae35);
  return mixed ^ (mixed >>> 16);
}

/** The hash of a range of bytes. */
export function hashBytes(bytes: Uint8Array, start: number, end: number): number {
  let hash = HASH_START;
  for (let at = start; at < end; at++) hash = hashByte(hash, bytes[at] as number);
  return finishHash(hash);
}

/** In how many buckets directories and subjects are split. Stands in shard ids and never changes. */
export const BUCKETS = 16;

/** The bucket of a key with this hash: its top bits, since tables use the low ones. */
export function bucketOf(hash: number): number {
  return hash >>> 28;
}

/** The bucket of a key. */
export function bucketOfKey(key: string): number {
  const bytes = Buffer.from(key);
  return bucketOf(hashBytes(bytes, 0, bytes.length));
}
