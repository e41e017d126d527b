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
    remedy:
      "The sidecar keeps its old policy and asks again; if it persists, compare the versions of both sides.",
    grpc: "DATA_LOSS",
  },
  SG2003: {
    reason: "IncompletePolicy",
    cause: "A policy was committed that lists a shard which the sidecar neither received nor held.",
    remedy:
      "The sidecar keeps its old policy and says anew what it holds; if it persists, report it as a defect.",
    grpc: "FAILED_PRECONDITION",
  },
  SG2004: {
    reason: "OlderPolicy",
    cause: "A policy was committed that lies behind the one in use at the same epoch.",
    remedy:
      "After a restore of the cluster's storage raise `spec.epoch` of the AccessDomain; otherwise report it as a defect.",
    grpc: "FAILED_PRECONDITION",
  },
  SG2005: {
    reason: "PolicyTooLarge",
    cause: "A policy, one of its shards or a chunk is larger than delivery allows.",
    remedy: "Split the domain; docs/reference/limits.md has the limits.",
    grpc: "RESOURCE_EXHAUSTED",
  },
  SG2006: {
    reason: "DeliveryProtocolBroken",
    cause: "The other side of a delivery stream sent something that the protocol does not allow there.",
    remedy: "The stream is ended and opened anew; compare the versions of operator and sidecar.",
    grpc: "INVALID_ARGUMENT",
  },
  SG2007: {
    reason: "PolicyNotLoaded",
    cause: "A policy that arrived whole could not be loaded.",
    remedy: "The sidecar keeps its old policy; report it as a defect, with the message.",
    grpc: "INTERNAL",
  },
  SG2008: {
    reason: "PolicyNotSigned",
    cause:
      "A policy, or the word that one is current, carries no signature, and the sidecar was told to demand one.",
    remedy:
      "Run an operator that signs (in a cluster it does), or leave --policy-keys away where delivery stays on one machine.",
    grpc: "FAILED_PRECONDITION",
  },
  SG2009: {
    reason: "UntrustedSigningKey",
    cause: "A policy is signed with a key that is not, or not any more, among those that the sidecar trusts.",
    remedy:
      "The old policy stays in use until the keys agree: compare ConfigMap sidegate-trust of the namespace with the operator's log; a key that nobody knows is an attempt to plant a policy.",
    grpc: "FAILED_PRECONDITION",
  },
  SG2010: {
    reason: "WrongSignature",
    cause: "The signature of a policy does not fit what it says: it was changed, or is another policy's.",
    remedy:
      "The sidecar keeps its old policy; somebody between operator and sidecar, or on the volume, changes what is said.",
    grpc: "FAILED_PRECONDITION",
  },
  SG2101: {
    reason: "UnknownProtocol",
    cause: "A sidecar speaks a version of the delivery protocol that the operator does not know.",
    remedy: "Upgrade the operator before its sidecars.",
    grpc: "FAILED_PRECONDITION",
  },
  SG2102: {
    reason: "InvalidHello",
    cause: "The first message of a delivery stream is missing, malformed or over a limit.",
    remedy: "Correct the sidecar's settings as the message says.",
    grpc: "INVALID_ARGUMENT",
  },
  SG2103: {
    reason: "TooManySidecars",
    cause: "The operator's replica serves as many sidecars as it takes.",
    remedy: "Add replicas of the operator, or raise the limit of connections and its memory.",
    grpc: "RESOURCE_EXHAUSTED",
  },
  SG2104: {
    reason: "SidecarSilent",
    cause: "A sidecar said nothing, or did not take or acknowledge a policy, for too long.",
    remedy:
      "The sidecar connects again by itself; if it persists, look at its CPU limit, its disk and the network.",
    grpc: "DEADLINE_EXCEEDED",
  },
  SG2105: {
    reason: "OperatorStopping",
    cause: "The operator's replica is shutting down.",
    remedy: "The sidecar moves on to another replica by itself.",
    grpc: "UNAVAILABLE",
  },
  SG2107: {
    reason: "OperatorSilent",
    cause: "The operator said nothing on an open delivery stream for three heartbeats.",
    remedy: "The sidecar connects again by itself; if it persists, look at the operator and the network.",
    grpc: "UNAVAILABLE",
  },
  SG2108: {
    reason: "OperatorBehind",
    cause:
      "The operator's replica has for some time not seen what the sidecar already has, or not said that a policy is current.",
    remedy:
      "The sidecar moves on to another replica by itself; if it persists, look at the replica's watches.",
    grpc: "UNAVAILABLE",
  },
  SG2201: {
    reason: "LastKnownGoodDamaged",
    cause: "A file of the last known good policy is not what was written, or is missing.",
    remedy:
      "It is set aside and never used, and the policy is fetched anew; if it happens again, check the volume.",
    grpc: "DATA_LOSS",
  },
  SG2202: {
    reason: "LastKnownGoodNotWritten",
    cause: "The policy in use could not be kept on disk.",
    remedy:
      "Make room in the directory or make it writable; decisions go on, but a restart needs the operator.",
  },
  SG2203: {
    reason: "DirectoryInUse",
    cause: "Another sidecar keeps its last known good policy in the same directory.",
    remedy: "Give each sidecar a directory of its own.",
  },
});
