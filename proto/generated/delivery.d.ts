// Generated from sidegate/v1/delivery.proto by proto/generate.ts.

import type { MessageType } from "../message-type.ts";

export interface FetchShardsRequest {
  domain: string;
  /** SHA-256 digests of shards, at most 256. */
  hashes: Uint8Array[];
}
export const FetchShardsRequest: MessageType<FetchShardsRequest>;

export interface SyncRequest {
  hello: Hello | null;
  ack: Ack | null;
  nack: Nack | null;
  heartbeat: SidecarHeartbeat | null;
  goodbye: Goodbye | null;
  /** Which of these is set. */
  readonly message?: "hello" | "ack" | "nack" | "heartbeat" | "goodbye";
}
export const SyncRequest: MessageType<SyncRequest>;

/** The first message of a stream. */
export interface Hello {
  /** The version of this protocol that the sidecar speaks: 1. */
  protocol: number;
  /** A name that stays the same while the sidecar's process lives, for example the pod's name. */
  sidecar: string;
  /** The version of the sidecar's software. */
  version: string;
  /** The domains that the sidecar wants, with what it has of each. At least one. */
  domains: DomainState[];
}
export const Hello: MessageType<Hello>;

export interface DomainState {
  domain: string;
  /** Empty when the sidecar has no policy of the domain. */
  revision: string;
  epoch: number;
  /** The highest resourceVersion seen per kind. */
  position: { [key: string]: string };
  /** SHA-256 digests of the shards that the sidecar holds. */
  shards: Uint8Array[];
  /** Whether the sidecar loads shards of organizations on demand, so that none is to be pushed. */
  onDemand: boolean;
}
export const DomainState: MessageType<DomainState>;

export interface Ack {
  domain: string;
  revision: string;
}
export const Ack: MessageType<Ack>;

export interface Nack {
  domain: string;
  revision: string;
  /** A registered code, for example "SG2002". */
  code: string;
  message: string;
}
export const Nack: MessageType<Nack>;

export interface SidecarHeartbeat {
}
export const SidecarHeartbeat: MessageType<SidecarHeartbeat>;

/**
 * The last message of a sidecar that stops. It answers no checks any more, so no change has to wait for it. The
 * operator ends the stream.
 */
export interface Goodbye {
}
export const Goodbye: MessageType<Goodbye>;

export interface SyncResponse {
  chunk: ShardChunk | null;
  commit: Commit | null;
  progress: Progress | null;
  behind: Behind | null;
  heartbeat: OperatorHeartbeat | null;
  /** Which of these is set. */
  readonly message?: "chunk" | "commit" | "progress" | "behind" | "heartbeat";
}
export const SyncResponse: MessageType<SyncResponse>;

/** A piece of a shard, at most 256 KiB. The chunks of one shard follow one another in order. */
export interface ShardChunk {
  domain: string;
  hash: Uint8Array;
  data: Uint8Array;
  last: boolean;
}
export const ShardChunk: MessageType<ShardChunk>;

/** Ends a push: every shard that the policy lists has been sent now or was held before. */
export interface Commit {
  policy: PolicyManifest | null;
  /**
   * Ed25519 signature over the statement of domain, revision, epoch, position and issued_at (engine/policy/statement.ts
   * has its bytes), and the RFC 7638 thumbprint of its key; both empty where delivery is not signed. The revision binds
   * the shards.
   */
  signature: Uint8Array;
  keyId: string;
}
export const Commit: MessageType<Commit>;

/** What a policy consists of. */
export interface PolicyManifest {
  domain: string;
  /** Hexadecimal SHA-256 of the shard list. */
  revision: string;
  epoch: number;
  position: { [key: string]: string };
  /** When the operator held this to be the current policy, in milliseconds since 1970. */
  issuedAt: number;
  /** Ordered by id. */
  shards: ShardRef[];
}
export const PolicyManifest: MessageType<PolicyManifest>;

export interface ShardRef {
  /** "model", "platform", "organization/NAME", "directory/N" or "subjects/N". */
  id: string;
  hash: Uint8Array;
  /** Bytes. */
  size: number;
}
export const ShardRef: MessageType<ShardRef>;

/**
 * Says that the revision is still the current one: the heartbeat of the operator, and progress of the
 * position without new content. It renews the freshness of exactly this revision.
 */
export interface Progress {
  domain: string;
  revision: string;
  epoch: number;
  position: { [key: string]: string };
  issuedAt: number;
  /** As those of Commit, over the statement of the fields above. */
  signature: Uint8Array;
  keyId: string;
}
export const Progress: MessageType<Progress>;

/** The operator's replica has not yet seen what the sidecar has. It sends nothing until it caught up. */
export interface Behind {
  domain: string;
  epoch: number;
  position: { [key: string]: string };
}
export const Behind: MessageType<Behind>;

/**
 * The first answer to Hello, and what the operator sends when it had nothing else to say for interval_ms. It shows that
 * the stream lives and renews the freshness of no policy.
 */
export interface OperatorHeartbeat {
  /** The longest that the operator stays silent, in milliseconds. */
  intervalMs: number;
}
export const OperatorHeartbeat: MessageType<OperatorHeartbeat>;
