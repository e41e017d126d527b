import { defineErrors } from "./define.ts";

/** Requests that get an error instead of a decision, and servers that can not listen: SG3000 to SG3999. */
export const requestErrors = defineErrors({
  SG3001: {
    reason: "InvalidRequest",
    cause: "The request is malformed or over a documented limit.",
    remedy: "Correct the field that the message names; docs/reference/limits.md has the limits.",
    grpc: "INVALID_ARGUMENT",
  },
  SG3002: {
    reason: "Unavailable",
    cause:
      "The sidecar holds no policy of the domain, or one that is too old and `staleness.then` is Error or the request is for a list.",
    remedy: "Check the name of the domain, and that the operator runs and is reachable.",
    grpc: "UNAVAILABLE",
  },
  SG3003: {
    reason: "PositionNotReached",
    cause:
      "The policy did not reach the minimum position of the request before its deadline, or too many requests wait for one already.",
    remedy: "Retry, with a longer deadline; if it persists, look at the lag of the sidecar.",
    grpc: "DEADLINE_EXCEEDED",
  },
  SG3004: {
    reason: "ShardUnavailable",
    cause:
      "What the request is about is not in memory, because the sidecar keeps its memory within `--shard-memory`, and could not be loaded in time.",
    remedy:
      "Retry; if it persists, check that the operator is reachable, give the sidecar a `--data-dir`, or raise `--shard-memory`.",
    grpc: "UNAVAILABLE",
  },
  SG3102: {
    reason: "AddressNotAvailable",
    cause: "A server can not listen at the address that it was given.",
    remedy: "Stop what listens there, or give another address or path.",
  },
  SG3103: {
    reason: "InvalidAddress",
    cause: "An address to listen at can not be read.",
    remedy: "Write HOST:PORT, :PORT for all interfaces, or unix:PATH.",
  },
});
