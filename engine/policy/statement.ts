/** What the operator says of a policy, and signs: this revision of this domain was the current one then. */
export interface Statement {
  readonly domain: string;
  /** Hexadecimal SHA-256 of the shard list, which binds the content. */
  readonly revision: string;
  readonly epoch: number;
  readonly position: Readonly<Record<string, string>>;
  /** Milliseconds since 1970. */
  readonly issuedAt: number;
}

/** Names the use and the version of the form, so that no signature is good for anything else. */
const PREFIX = "sidegate.dev/policy-statement/v1";

/**
 * The bytes that are signed: the prefix, domain, revision, epoch, time of issue, the number of kinds, then kind and
 * resourceVersion of each, ordered by the UTF-8 bytes of the kind. Texts are UTF-8 after their length in bytes; lengths
 * and the number of kinds are 32 bits, epoch and time 64, all unsigned and big endian. The same statement gives the same
 * bytes everywhere, and different ones different bytes.
 *
 * @throws RangeError for a text that is not well-formed Unicode and a number that is no whole one from 0 to 2^53 - 1
 */
export function encodeStatement({ domain, revision, epoch, position, issuedAt }: Statement): Uint8Array {
  const kinds = Object.entries(position).map(([kind, version]) => [text(kind), text(version)] as const);
  kinds.sort(([a], [b]) => Buffer.compare(a, b));
  return Buffer.concat([
    ...withLength(text(PREFIX)),
    ...withLength(text(domain)),
    ...withLength(text(revision)),
    uint64(epoch),
    uint64(issuedAt),
    uint32(kinds.length),
    ...kinds.flatMap(([kind, version]) => [...withLength(kind), ...withLength(version)]),
  ]);
}

function text(value: string): Buffer {
  // Lone surrogates would all become the same replacement character.
  if (!value.isWellFormed()) throw new RangeError("A statement holds a text that is not well-formed");
  return Buffer.from(value, "utf8");
}

function withLength(bytes: Buffer): [Buffer, Buffer] {
  return [uint32(bytes.length), bytes];
}

function uint32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(value);
  return bytes;
}

function uint64(value: number): Buffer {
  if (!Number.isSafeInteger(value) || value < 0) throw new RangeError("A statement holds no whole number");
  const bytes = Buffer.alloc(8);
  bytes.writeBigUInt64BE(BigInt(value));
  return bytes;
}
