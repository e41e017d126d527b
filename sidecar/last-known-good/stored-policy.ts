import { isDigest } from "../../engine/model/digest.ts";
import { isPosition, type Position } from "../../engine/model/position.ts";
import { damaged, unwrap, wrap } from "./envelope.ts";

/** A policy as its file names it; the shards themselves are files of their own. */
export interface StoredPolicy {
  readonly domain: string;
  readonly revision: string;
  readonly epoch: number;
  readonly position: Position;
  /** When the operator held it to be current, by its clock, milliseconds since 1970. */
  readonly issuedAt: number;
  /** When that counts as said, by this machine's clock, milliseconds since 1970. */
  readonly contactAt: number;
  readonly shards: readonly { readonly id: string; readonly hash: string }[];
  /** As delivered, base64; empty where delivery is not signed. */
  readonly signature: string;
  readonly keyId: string;
}

/** The last time that the operator confirmed a revision, and the position that it had then: its words, with their signature. */
export interface StoredContact {
  readonly revision: string;
  readonly epoch: number;
  readonly position: Position;
  readonly issuedAt: number;
  /** 0: never, as far as can be trusted. */
  readonly contactAt: number;
  readonly signature: string;
  readonly keyId: string;
}

/** What a policy file says about the last contact; where the contact file says nothing newer. */
export function contactIn(policy: StoredPolicy): StoredContact {
  const { revision, epoch, position, issuedAt, contactAt, signature, keyId } = policy;
  return { revision, epoch, position, issuedAt, contactAt, signature, keyId };
}

/** The version of both formats. Raise it with every change that an older sidecar would misread. */
const FORMAT = 1;

/** The content of a policy file. */
export function encodePolicy(policy: StoredPolicy): Buffer {
  return wrap("policy", FORMAT, policy);
}

/** The content of a contact file. */
export function encodeContact(contact: StoredContact): Buffer {
  return wrap("contact", FORMAT, contact);
}

/** Reads a policy file. Throws SG2201 on anything that `encodePolicy` does not write. */
export function decodePolicy(domain: string, bytes: Buffer): StoredPolicy {
  const content = record(unwrap("policy", FORMAT, bytes));
  if (content.domain !== domain) throw damaged(`it belongs to domain "${String(content.domain)}"`);
  if (!Array.isArray(content.shards)) throw damaged('"shards" is not a list');
  return {
    domain,
    ...common(content),
    shards: content.shards.map((shard: unknown) => {
      const { id, hash } = record(shard);
      return { id: text("id", id), hash: hex("hash", hash) };
    }),
  };
}

/** Reads a contact file. Throws SG2201 on anything that `encodeContact` does not write. */
export function decodeContact(bytes: Buffer): StoredContact {
  return common(record(unwrap("contact", FORMAT, bytes)));
}

function common(content: Record<string, unknown>): StoredContact {
  return {
    revision: hex("revision", content.revision),
    epoch: whole("epoch", content.epoch),
    position: positionOf(content.position),
    issuedAt: whole("issuedAt", content.issuedAt),
    contactAt: whole("contactAt", content.contactAt),
    signature: text("signature", content.signature),
    keyId: text("keyId", content.keyId),
  };
}

function record(value: unknown): Record<string, unknown> {
  if (typeof value !== "object" || value === null || Array.isArray(value))
    throw damaged("an object is missing");
  return value as Record<string, unknown>;
}

function positionOf(value: unknown): Position {
  const position = record(value);
  if (!isPosition(position)) throw damaged('"position" is not a decimal integer per kind');
  return position;
}

function whole(field: string, value: unknown): number {
  if (!Number.isSafeInteger(value) || (value as number) < 0)
    throw damaged(`"${field}" is not a whole number`);
  return value as number;
}

function text(field: string, value: unknown): string {
  if (typeof value !== "string") throw damaged(`"${field}" is not a text`);
  return value;
}

function hex(field: string, value: unknown): string {
  if (!isDigest(text(field, value))) throw damaged(`"${field}" is not a SHA-256 digest`);
  return value as string;
}
