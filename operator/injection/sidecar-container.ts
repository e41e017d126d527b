import { CONTAINER, directories, ports, SOCKET, TOKEN_FILE, USER, volumes } from "./names.ts";
import type { Container, Volume } from "./pod.ts";
import type { PodWishes } from "./pod-wishes.ts";
import type { InjectionSettings } from "./settings.ts";

/** Where trust (ca.crt, policy-keys.json) and the token are mounted. */
const CA_FILE = `${directories.trust}/ca.crt`;
const KEYS_FILE = `${directories.trust}/policy-keys.json`;

const POD_NAME = "SIDEGATE_POD_NAME";

/**
 * The sidecar: an init container that is started first, runs as long as the pod, and is stopped last (KEP-753). What
 * follows it is started once its startup probe has passed, which is when it has a policy. By itself it satisfies the Pod
 * Security standard "restricted".
 */
export function sidecarContainer(wishes: PodWishes, settings: InjectionSettings): Container {
  return {
    name: CONTAINER,
    image: settings.image,
    imagePullPolicy: settings.imagePullPolicy,
    restartPolicy: "Always",
    args: argumentsOf(wishes, settings),
    env: [
      {
        name: POD_NAME,
        valueFrom: { fieldRef: { apiVersion: "v1", fieldPath: "metadata.name" } },
      },
    ],
    ports: [
      { name: "sg-health", containerPort: ports.health, protocol: "TCP" },
      { name: "sg-metrics", containerPort: ports.metrics, protocol: "TCP" },
    ],
    resources: wishes.resources,
    // Over HTTP: a gRPC probe that comes before anybody listens is a connection that is tried again only after a second.
    // It is answered once the sidecar is ready, so that the next container need not wait for the next probe.
    startupProbe: {
      httpGet: { path: "/startz", port: ports.health },
      timeoutSeconds: 6,
      periodSeconds: 1,
      // Of a sidecar that runs and has no policy each probe takes five seconds.
      failureThreshold: Math.ceil(settings.startupSeconds / 5),
    },
    readinessProbe: { ...probe("readiness"), periodSeconds: 5, failureThreshold: 3 },
    // Says only that the process answers, so that no trouble of the operator restarts a sidecar that decides.
    livenessProbe: { ...probe("liveness"), periodSeconds: 10, failureThreshold: 6 },
    securityContext: {
      allowPrivilegeEscalation: false,
      capabilities: { drop: ["ALL"] },
      privileged: false,
      readOnlyRootFilesystem: true,
      runAsGroup: USER,
      runAsNonRoot: true,
      runAsUser: USER,
      seccompProfile: { type: "RuntimeDefault" },
    },
    volumeMounts: [
      { name: volumes.socket, mountPath: directories.socket },
      { name: volumes.trust, mountPath: directories.trust, readOnly: true },
      { name: volumes.data, mountPath: directories.data },
      // The API server mounts a token for itself into each container that has nothing there; the sidecar needs none.
      { name: volumes.noToken, mountPath: directories.apiToken, readOnly: true },
    ],
  };
}

function argumentsOf({ domain, logLevel, shardMemory }: PodWishes, settings: InjectionSettings): string[] {
  return [
    "sidecar",
    ...settings.operators.map((address) => `--operator=${address}`),
    `--domain=${domain}`,
    // Its token says which pod it is; a name of its own would only be needed beside another sidecar.
    `--name=$(${POD_NAME})`,
    `--listen=127.0.0.1:${ports.grpc}`,
    `--socket=${SOCKET}`,
    // Containers of a pod have users of their own; who may enter the pod's volume may ask.
    "--socket-mode=666",
    `--health=:${ports.health}`,
    `--metrics=:${ports.metrics}`,
    `--data-dir=${directories.data}`,
    `--ca=${CA_FILE}`,
    `--server-name=${settings.serverName}`,
    `--token-file=${TOKEN_FILE}`,
    `--policy-keys=${KEYS_FILE}`,
    ...(shardMemory === "" ? [] : [`--shard-memory=${shardMemory}`]),
    `--log-level=${logLevel}`,
  ];
}

/** The volumes of a pod with a sidecar. */
export function sidecarVolumes(settings: InjectionSettings): Volume[] {
  const { audience, tokenSeconds, trustConfigMap, dataSize } = settings;
  const items = ["ca.crt", "policy-keys.json"].map((key) => ({ key, path: key }));
  return [
    { name: volumes.socket, emptyDir: { sizeLimit: "1Mi" } },
    {
      name: volumes.trust,
      projected: {
        // Readable by the sidecar's user whatever fsGroup the pod has.
        defaultMode: 0o444,
        sources: [
          { serviceAccountToken: { audience, expirationSeconds: tokenSeconds, path: "token" } },
          { configMap: { name: trustConfigMap, items } },
        ],
      },
    },
    { name: volumes.data, emptyDir: { sizeLimit: dataSize } },
    { name: volumes.noToken, emptyDir: { sizeLimit: "1Mi" } },
  ];
}

function probe(service: string): { grpc: { port: number; service: string }; timeoutSeconds: number } {
  return { grpc: { port: ports.health, service }, timeoutSeconds: 2 };
}
