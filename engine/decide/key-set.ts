import { finishHash, HASH_START, hashByte, hashBytes } from "../model/hash.ts";
import { AUTHENTICATED, SubjectDigit } from "../model/subject.ts";
import type { LoadedGrants } from "../policy/loaded-grants.ts";
import type { Policy } from "../policy/policy.ts";

const RETAINED_BYTES = 64 * 1024;

/** Key 0 of a set is the subject itself. */
export const SUBJECT = 0;

/** Key 1 of a set is the group that every subject is in. */
const EVERYONE = 1;
const everyone = Buffer.from(SubjectDigit.Group + AUTHENTICATED);
const everyoneHash = hashBytes(everyone, 0, everyone.length);

/**
 * The keys that a subject acts under: itself, its asserted groups and the declared groups that it is in, as UTF-8 with
 * hashes, ready to be looked up in any table. One set serves request after request, so that asking allocates nothing.
 */
export class KeySet {
  count = 0;
  bytes = new Uint8Array(1024);
  readonly starts: number[] = [];
  readonly ends: number[] = [];
  readonly hashes: number[] = [];
  /** For each key, whether its Allow rules count; Deny rules count for all keys. */
  readonly counts: boolean[] = [];
  /** The organization that a declared group belongs to; empty: none. */
  readonly owners: string[] = [];
  /** For each key, whether the subject acts under it only because of groups that the request asserts. */
  readonly asserted: boolean[] = [];
  /** An organization whose member the subject is assumed to be, to find out what that would change. */
  assumedMemberOf: string | undefined;
  #used = 0;

  constructor() {
    this.bytes.set(everyone);
  }

  /**
   * Starts anew with a subject, and the group that every subject is in.
   *
   * @param prefix the digit of its kind
   * @param from where in `name` its name begins
   */
  start(prefix: number, name: string, from = 0): void {
    this.count = 0;
    this.#used = everyone.length;
    if (this.bytes.length > RETAINED_BYTES) {
      this.bytes = new Uint8Array(1024);
      this.bytes.set(everyone);
    }
    this.addText(prefix, name, false, from);
    this.#push(0, everyone.length, everyoneHash, true, "", false, this.#used);
  }

  /** The row of a key among the subjects of a shard, or -1. */
  rowIn(grants: LoadedGrants, key: number): number {
    if (key === EVERYONE) return grants.authenticated;
    return grants.findSubject(this.bytes, this.starts[key]!, this.ends[key]!, this.hashes[key]!);
  }

  /** When the membership of the subject in an organization ends, in milliseconds since 1970; undefined: it has none. */
  memberUntil({ organizations }: Policy, organization: string): number | undefined {
    const [start, end, hash] = [this.starts[SUBJECT]!, this.ends[SUBJECT]!, this.hashes[SUBJECT]!];
    return organizations.memberUntil(organization, this.bytes, start, end, hash);
  }

  /** Adds a key given as text, which begins at `from`; `prefix` is its digit. */
  addText(prefix: number, name: string, asserted: boolean, from = 0): void {
    this.#reserve(1 + name.length * 3);
    const start = this.#used;
    this.bytes[start] = prefix;
    let hash = hashByte(HASH_START, prefix);
    let end = start + 1;
    for (let i = from; i < name.length; i++) {
      const code = name.charCodeAt(i);
      if (code > 127) {
        this.#addEncoded(start, name.slice(from), asserted);
        return;
      }
      this.bytes[end++] = code;
      hash = hashByte(hash, code);
    }
    this.#push(start, end, finishHash(hash), true, "", asserted, end);
  }

  /** Adds a key given as bytes. */
  addBytes(
    prefix: number,
    pool: Uint8Array,
    from: number,
    to: number,
    counts: boolean,
    owner: string,
    asserted: boolean,
  ): void {
    this.#reserve(1 + to - from);
    const start = this.#used;
    this.bytes[start] = prefix;
    let hash = hashByte(HASH_START, prefix);
    let end = start + 1;
    for (let at = from; at < to; at++) {
      const byte = pool[at]!;
      this.bytes[end++] = byte;
      hash = hashByte(hash, byte);
    }
    this.#push(start, end, finishHash(hash), counts, owner, asserted, end);
  }

  /** Takes the last key out again. */
  pop(): void {
    this.count--;
    this.#used = this.starts[this.count]!;
  }

  /** Whether two keys are the same. */
  equal(a: number, b: number): boolean {
    const length = this.ends[a]! - this.starts[a]!;
    if (this.hashes[a] !== this.hashes[b] || this.ends[b]! - this.starts[b]! !== length) return false;
    for (let i = 0; i < length; i++) {
      if (this.bytes[this.starts[a]! + i] !== this.bytes[this.starts[b]! + i]) return false;
    }
    return true;
  }

  /** A key as text, its digit included. */
  text(key: number): string {
    return Buffer.from(this.bytes.buffer).toString("utf8", this.starts[key], this.ends[key]);
  }

  #addEncoded(start: number, name: string, asserted: boolean): void {
    const { written } = encoder.encodeInto(name, this.bytes.subarray(start + 1));
    const end = start + 1 + written;
    let hash = HASH_START;
    for (let at = start; at < end; at++) hash = hashByte(hash, this.bytes[at]!);
    this.#push(start, end, finishHash(hash), true, "", asserted, end);
  }

  #push(
    start: number,
    end: number,
    hash: number,
    counts: boolean,
    owner: string,
    asserted: boolean,
    used: number,
  ): void {
    const key = this.count++;
    this.starts[key] = start;
    this.ends[key] = end;
    this.hashes[key] = hash;
    this.counts[key] = counts;
    this.owners[key] = owner;
    this.asserted[key] = asserted;
    this.#used = used;
  }

  #reserve(length: number): void {
    if (this.#used + length <= this.bytes.length) return;
    const grown = new Uint8Array(Math.max(this.bytes.length * 2, this.#used + length));
    grown.set(this.bytes);
    this.bytes = grown;
  }
}

const encoder = new TextEncoder();
