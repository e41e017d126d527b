/** How a pod is given decisions: by a sidecar of its own, or by the one of its node. */
export type InjectionMode = "sidecar" | "node";

export const injectionModes: readonly InjectionMode[] = ["sidecar", "node"];

export const logLevels: readonly string[] = ["debug", "info", "warn", "error", "silent"];

/** Quantities of Kubernetes. */
export interface SidecarResources {
  readonly requests: { readonly cpu: string; readonly memory: string };
  /** Without cpu the sidecar is never throttled. */
  readonly limits: { readonly cpu?: string | undefined; readonly memory: string };
}

/** What injection puts into pods; docs/reference/injection.md has a line for each. */
export interface InjectionSettings {
  readonly image: string;
  readonly imagePullPolicy: "Always" | "IfNotPresent" | "Never";
  /** Addresses of the operator as gRPC takes them. At least one. */
  readonly operators: readonly string[];
  /** The name in the operator's certificate. */
  readonly serverName: string;
  /** The ConfigMap with ca.crt and policy-keys.json in the pod's namespace. */
  readonly trustConfigMap: string;
  readonly audience: string;
  /** How long a projected token lives; the kubelet renews it in time. At least 600. */
  readonly tokenSeconds: number;
  readonly resources: SidecarResources;
  readonly logLevel: string;
  /** The memory that organizations on demand may take, in bytes or as "64Mi"; empty: all are in memory. */
  readonly shardMemory: string;
  /** What the last known good may take of the node's disk before the pod is evicted. */
  readonly dataSize: string;
  /** How long the application waits for a first policy until the kubelet starts the sidecar anew. */
  readonly startupSeconds: number;
  /** The modes that pods may choose. At least one. */
  readonly modes: readonly InjectionMode[];
  /** The mode of pods that choose none. One of `modes`. */
  readonly defaultMode: InjectionMode;
  /** What becomes of a pod that asks for injection and can not have it. */
  readonly whenImpossible: "Refuse" | "Warn";
  /** Of mode "node". */
  readonly node: {
    /** The directory on the node that holds the socket. */
    readonly directory: string;
    readonly audience: string;
  };
}

/** Everything but what has no sensible default: image, operators, serverName. */
export const defaultInjectionSettings: Omit<InjectionSettings, "image" | "operators" | "serverName"> = {
  imagePullPolicy: "IfNotPresent",
  trustConfigMap: "sidegate-trust",
  audience: "sidegate.dev/operator",
  tokenSeconds: 3_600,
  resources: { requests: { cpu: "10m", memory: "96Mi" }, limits: { memory: "512Mi" } },
  logLevel: "info",
  shardMemory: "",
  dataSize: "3Gi",
  startupSeconds: 600,
  modes: ["sidecar"],
  defaultMode: "sidecar",
  whenImpossible: "Refuse",
  node: { directory: "/run/sidegate", audience: "sidegate.dev/sidecar" },
};
