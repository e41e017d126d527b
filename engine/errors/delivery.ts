import { defineErrors } from "./define.ts";

/** Delivery of policies and the last known good: SG2000 to SG2999. */
export const deliveryErrors = defineErrors({
  SG2001: {
    reason: "UnknownShardFormat",
    cause: "A shard has a format version that this sidecar does not know.",
    remedy: "Run a sidecar of at least the version of the operator.",
    grpc: "FAILED_PRECONDITION",
  },
  SG2002: {
    reason: "DamagedShard",
    cause: "A shard can not be read, or its content does not have the hash that it was announced with.",
    remedy: "The sidecar keeps its old policy and asks again; if it persists, compare the versions of both sides.",
    grpc: "DATA_LOSS",
  },
});
