const HEX = /^[0-9a-f]{64}$/;

/** The bytes of a SHA-256 digest. */
export const DIGEST_BYTES = 32;

/** Whether a text is a SHA-256 digest as hashes and revisions are written: in hexadecimal, in lower case. */
export function isDigest(text: string): boolean {
  return HEX.test(text);
}

/** Writes the bytes of a digest so. */
export function formatDigest(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString("hex");
}
