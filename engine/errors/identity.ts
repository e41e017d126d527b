import { defineErrors } from "./define.ts";

/** Who a sidecar is and what it may receive, and how it knows the operator: SG2150 to SG2199. */
export const identityErrors = defineErrors({
  SG2151: {
    reason: "TokenMissing",
    cause: "A delivery stream was opened without a bearer token.",
    remedy:
      "Mount a projected service account token with the audience `sidegate.dev/operator` and name its file with `--token-file`.",
    grpc: "UNAUTHENTICATED",
  },
  SG2152: {
    reason: "TokenRefused",
    cause: "The API server does not take a sidecar's token for one of its own, or not any more.",
    remedy:
      "Mount a projected service account token of this cluster; a token ends with the pod and the service account that it was made for.",
    grpc: "UNAUTHENTICATED",
  },
  SG2153: {
    reason: "WrongAudience",
    cause: "A sidecar's token was not made for the operator.",
    remedy: "Set `audience: sidegate.dev/operator` in the projected volume of the pod's token.",
    grpc: "UNAUTHENTICATED",
  },
  SG2154: {
    reason: "TokenExpired",
    cause: "A sidecar's token is no longer valid.",
    remedy:
      "The sidecar reads its token file at each connection: mount it as a projected volume, which the kubelet renews, without `subPath`.",
    grpc: "UNAUTHENTICATED",
  },
  SG2155: {
    reason: "MayNotSync",
    cause: "A sidecar's service account may not receive the policy of a domain.",
    remedy:
      "Grant the verb `sync` on `accessdomains` (group sidegate.dev) in the domain's namespace to the service account that the message names.",
    grpc: "PERMISSION_DENIED",
  },
  SG2156: {
    reason: "IdentityUnknown",
    cause: "The operator could not ask the API server who a sidecar is or what it may receive.",
    remedy:
      "The sidecar tries again by itself; if it persists, check the operator's connection to the API server and its right to create tokenreviews and subjectaccessreviews.",
    grpc: "UNAVAILABLE",
  },
  SG2157: {
    reason: "IdentityAged",
    cause: "The token that a delivery stream was opened with has come to its end.",
    remedy: "None is needed: the sidecar connects again with its renewed token and goes on where it was.",
    grpc: "UNAVAILABLE",
  },
  SG2158: {
    reason: "TooManyStreams",
    cause: "One pod, or one user outside of pods, has more delivery streams open than it may have.",
    remedy: "Run one sidecar per pod; each needs one stream.",
    grpc: "RESOURCE_EXHAUSTED",
  },
  SG2159: {
    reason: "Superseded",
    cause: "A sidecar opened another delivery stream, which replaces the one before.",
    remedy: "None is needed after a reconnect; otherwise give each sidecar of a pod a `--name` of its own.",
    grpc: "ABORTED",
  },
  SG2160: {
    reason: "ConnectionClosed",
    cause:
      "The operator closed a connection on which no sidecar was let in in time, or whose peer opens more connections or streams than it may.",
    remedy:
      "Look at what runs at the address that the operator's log names; a sidecar connects again by itself. Where many sidecars share one address, docs/explanation/identity.md has the bounds.",
  },
  SG2161: {
    reason: "TokenUnreadable",
    cause: "The file with the sidecar's token can not be read, or holds no token.",
    remedy:
      "Mount the projected token where `--token-file` says; the sidecar reads it again at each connection.",
  },
  SG2162: {
    reason: "AuthorityUnreadable",
    cause:
      "The file with the authority that vouches for the operator can not be read, or holds no certificate.",
    remedy:
      "Mount the ConfigMap `sidegate-trust` where `--ca` says; the sidecar reads it again at each connection.",
  },
  SG2163: {
    reason: "OperatorNotFound",
    cause: "The name of the operator resolves to no address.",
    remedy:
      "Check the host of `--operator` and that replicas of the operator are ready; the sidecar goes on asking.",
    grpc: "UNAVAILABLE",
  },
  SG2164: {
    reason: "CertificateUnusable",
    cause: "The certificate that the operator is to serve with, or its key, can not be used.",
    remedy: "The one before stays in use; check the Secret that the certificate comes from.",
  },
});
