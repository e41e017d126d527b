import { defineErrors } from "./define.ts";

/** Talking to the API server: SG4000 to SG4999. */
export const kubernetesErrors = defineErrors({
  SG4001: {
    reason: "UnorderedResourceVersion",
    cause:
      "The API server gave a resourceVersion that is not a decimal integer, so positions can not be compared.",
    remedy: "Run the operator against an API server that stores in etcd.",
  },
  SG4002: {
    reason: "KindNotServed",
    cause: "The API server does not know a kind of Sidegate.",
    remedy: "Install the custom resource definitions: `kubectl apply --server-side -k crds`.",
  },
  SG4003: {
    reason: "ForbiddenByCluster",
    cause: "The API server does not let the operator do what it has to do.",
    remedy:
      "Give the operator's account the RBAC rules that the message names; the installation manifests have them all.",
  },
  SG4004: {
    reason: "ApiServerUnreachable",
    cause: "The API server can not be reached, or does not answer.",
    remedy: "Check the address in the kubeconfig and the network; the operator goes on trying.",
  },
  SG4005: {
    reason: "UnusableKubeconfig",
    cause: "The kubeconfig can not be read, names no cluster, or asks for something that is not supported.",
    remedy: "Check that `kubectl version` works with the same kubeconfig, and that KUBECONFIG points to it.",
  },
  SG4006: {
    reason: "UnknownNamespace",
    cause: "The cluster has no namespace of that name.",
    remedy: "Correct the name; `kubectl get namespaces` lists those there are.",
  },
  SG4007: {
    reason: "StatusFieldNotServed",
    cause:
      "The operator is newer than the cluster's custom resource definitions, which lack a field of a status. It writes the status without.",
    remedy:
      "Install the definitions of its release: `kubectl apply --server-side -k crds`, or `helm upgrade`. It goes on by itself within five minutes.",
  },
  SG4401: {
    reason: "AuthorityUnreadable",
    cause: "The Secret sidegate-authority is not what the operator wrote.",
    remedy:
      "The operator goes on with what it knew and writes that back. At a start it knows nothing and waits: restore the Secret, or delete it and have new keys made.",
  },
  SG4402: {
    reason: "CertificateUnusable",
    cause: "The Secret that --certificates names does not hold a certificate, its key and its authority.",
    remedy:
      "It must be of type kubernetes.io/tls with tls.crt, tls.key and ca.crt; the operator goes on with the last good one. An issuer of cert-manager that leaves ca.crt out can not be used.",
  },
});
