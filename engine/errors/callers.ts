import { defineErrors } from "./define.ts";

/** Who asks a sidecar that serves a whole node: SG3300 to SG3399. */
export const callerErrors = defineErrors({
  SG3301: {
    reason: "CallerUnknown",
    cause: "A call to a sidecar that serves a whole node does not say who makes it.",
    remedy:
      "Send the pod's token for the audience `sidegate.dev/sidecar` with each call, as metadata `authorization: Bearer TOKEN`; injection mounts it where SIDEGATE_TOKEN_FILE says.",
    grpc: "UNAUTHENTICATED",
  },
  SG3302: {
    reason: "CallerRefused",
    cause:
      "The token of a call to a sidecar that serves a whole node is not, or no longer, one of a pod of this node.",
    remedy:
      "Read the token's file again for each call, since the kubelet renews it, and ask the sidecar of the pod's own node.",
    grpc: "UNAUTHENTICATED",
  },
  SG3303: {
    reason: "MayNotAsk",
    cause:
      "A pod asked the sidecar of its node about a domain that is neither its namespace's nor open to it.",
    remedy:
      "Name the domain of the pod's namespace, or grant its service account the verb `sync` on `accessdomains` (group sidegate.dev) in the namespace of the other.",
    grpc: "PERMISSION_DENIED",
  },
  SG3304: {
    reason: "CallersNotReviewed",
    cause: "A sidecar that serves a whole node could not ask the operator who makes a call.",
    remedy: "Ask again; if it persists, look at the operator and at the log of the node's sidecar.",
    grpc: "UNAVAILABLE",
  },
  SG3305: {
    reason: "TooManyDomains",
    cause:
      "A sidecar that serves a whole node has as many domains in use as it may, or one call is about too many.",
    remedy:
      "Ask about fewer domains in one call, or raise `--max-domains` of the node's sidecar and its memory with it.",
    grpc: "RESOURCE_EXHAUSTED",
  },
});
