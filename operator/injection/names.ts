/** What injection calls things, in pods and by pods. docs/reference/injection.md explains each. */

/** The label by which a pod asks for injection. */
export const INJECT_LABEL = "sidegate.dev/inject";

/** What a pod may say about its injection. */
export const annotations = {
  /** The domain to serve; default: the pod's namespace. */
  domain: "sidegate.dev/domain",
  /** "sidecar" or "node"; default: a setting. */
  mode: "sidegate.dev/mode",
  /** CPU that the sidecar requests. */
  cpu: "sidegate.dev/cpu",
  /** Memory that the sidecar requests. */
  memory: "sidegate.dev/memory",
  /** The most memory that the sidecar may use. */
  memoryLimit: "sidegate.dev/memory-limit",
  logLevel: "sidegate.dev/log-level",
  /** The memory that organizations on demand may take. */
  shardMemory: "sidegate.dev/shard-memory",
} as const;

/** Written by injection: the mode. A pod with it may hold what is named below; in any other pod that is its own. */
export const INJECTED_ANNOTATION = "sidegate.dev/injected";

/** The init container that is the sidecar. */
export const CONTAINER = "sidegate";

export const volumes = {
  socket: "sidegate-socket",
  /** Token, authority and keys of policies. */
  trust: "sidegate-trust",
  data: "sidegate-data",
  /** Nothing: it lies where an API token would be. */
  noToken: "sidegate-no-token",
} as const;

export const directories = {
  socket: "/run/sidegate",
  trust: "/var/run/secrets/sidegate",
  data: "/var/lib/sidegate",
  /** Where the API server mounts a token of its own, into each container that has nothing there. */
  apiToken: "/var/run/secrets/kubernetes.io/serviceaccount",
} as const;

export const SOCKET = `${directories.socket}/sidegate.sock`;
export const TOKEN_FILE = `${directories.trust}/token`;

/** TCP ports of the sidecar: decisions over gRPC and HTTP on loopback, probes and metrics for the node. */
export const ports = { grpc: 7430, http: 7431, health: 7432, metrics: 7433 } as const;

/** Set in each container that may ask, unless it sets them itself. */
export const env = {
  address: "SIDEGATE_ADDRESS",
  tokenFile: "SIDEGATE_TOKEN_FILE",
  domain: "SIDEGATE_DOMAIN",
} as const;

/** The user that the image's processes run as. */
export const USER = 65_532;
