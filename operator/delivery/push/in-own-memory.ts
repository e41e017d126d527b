/**
 * A copy for what is kept. A small Buffer is a slice of Node's pool, and keeps its whole slab of 64 KiB from being freed: with
 * everything that was made between two of those that are kept.
 */
export function inOwnMemory(bytes: Uint8Array): Buffer<ArrayBuffer> {
  return Buffer.from(new Uint8Array(bytes).buffer);
}
