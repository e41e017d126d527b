import { Option } from "commander";
import { RELEASE_NAMESPACE } from "../cluster/cluster-options.ts";
import { collect, DEFAULT_DOMAIN, parseCertificates, parseSeconds } from "../options.ts";

/** The options by which an operator knows what to read, besides the cluster. */
export function sourceOptions(): Option[] {
  return [
    new Option("--namespace <name>", "serve this namespace only; default: all").env("SIDEGATE_NAMESPACE"),
    new Option("--source <folder>", "read this folder of manifests instead of a cluster")
      .env("SIDEGATE_SOURCE")
      .conflicts(["kubeconfig", "context", "namespace"]),
    new Option("--domain <name>", "with --source: the domain of manifests without a namespace").default(
      DEFAULT_DOMAIN,
    ),
    new Option(
      "--data-dir <folder>",
      "with --source: keeps the number of the last load, should the clock go back",
    ).env("SIDEGATE_DATA_DIR"),
  ];
}

/** The options by which others reach an operator. */
export function addressOptions(): Option[] {
  return [
    new Option("--listen <address>", "where sidecars connect: HOST:PORT or unix:PATH")
      .default("127.0.0.1:7440")
      .env("SIDEGATE_LISTEN"),
    new Option("--health <address>", "HOST:PORT for /healthz, /readyz and /metrics; default: none").env(
      "SIDEGATE_HEALTH",
    ),
    new Option("--metrics <address>", "HOST:PORT for /metrics; default: at --health only").env(
      "SIDEGATE_METRICS",
    ),
    new Option(
      "--admin <address>",
      "HOST:PORT or unix:PATH where `sidegate fleet` is answered, to whoever can connect; default: nowhere",
    ).env("SIDEGATE_ADMIN"),
  ];
}

/** The options that make an operator one of the replicas of an installation. */
export function replicaOptions(): Option[] {
  return [
    new Option("--replica <name>", "this pod's name: one of several replicas in a cluster")
      .env("SIDEGATE_REPLICA")
      .conflicts("source"),
    new Option("--release-namespace <name>", "with --replica: the namespace of the operator's own objects")
      .default(RELEASE_NAMESPACE)
      .env("SIDEGATE_RELEASE_NAMESPACE"),
    new Option("--service <name>", "with --replica: the Service by which it is reached")
      .default("sidegate-operator")
      .env("SIDEGATE_SERVICE"),
    ...webhookOptions(),
    new Option("--certificates <origin>", "with --replica: own, or secret:NAME of type kubernetes.io/tls")
      .argParser(parseCertificates)
      .default({ from: "own" }, "own")
      .env("SIDEGATE_CERTIFICATES"),
    new Option("--grace <seconds>", "with --replica: how long sidecars are handed over when it stops")
      .argParser(parseSeconds)
      .default(20_000, "20")
      .env("SIDEGATE_GRACE"),
  ];
}

function webhookOptions(): Option[] {
  return [
    new Option("--webhooks <address>", "with --replica: HOST:PORT for the API server's webhooks").env(
      "SIDEGATE_WEBHOOKS",
    ),
    new Option("--validating-webhook <name>", "a webhook configuration to keep the caBundle of (repeatable)")
      .argParser(collect)
      .default([])
      .env("SIDEGATE_VALIDATING_WEBHOOK"),
    new Option("--mutating-webhook <name>", "the same for a mutating one (repeatable)")
      .argParser(collect)
      .default([])
      .env("SIDEGATE_MUTATING_WEBHOOK"),
    new Option("--injection <file>", "with --webhooks: what is injected into pods (YAML)").env(
      "SIDEGATE_INJECTION",
    ),
  ];
}
