/** The version of the delivery protocol that this software speaks. */
export const DELIVERY_PROTOCOL = 1;

/** What operator and sidecar hold each other to on a delivery stream (docs/explanation/delivery.md). */
export const deliveryLimits = {
  /** Bytes of a shard in one chunk. */
  chunkBytes: 256 * 1024,
  /** Bytes of one shard. */
  shardBytes: 256 * 1024 * 1024,
  /** Bytes of all shards of a policy. */
  policyBytes: 1024 * 1024 * 1024,
  /** Shards of a policy, and of all policies that a sidecar says it has. */
  shards: 131_072,
  /** Shards that are fetched at once by a sidecar that loads them on demand. */
  fetchedShards: 256,
  /** Domains of one sidecar. */
  domains: 64,
  /** Characters in the name of a sidecar or a domain. */
  name: 253,
  /** Characters of a sidecar's version. */
  version: 64,
  /** Kinds in a position. */
  positionKinds: 64,
  /** Bytes of a Hello, the largest message of a sidecar. */
  requestBytes: 8 * 1024 * 1024,
  /** Bytes of a Commit, the largest message of the operator. */
  responseBytes: 32 * 1024 * 1024,
  /** Characters of the message of a Nack; longer ones are cut. */
  nackMessage: 1024,
} as const;
