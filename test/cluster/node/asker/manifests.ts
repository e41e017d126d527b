import type { Question } from "./questions.ts";

/** How an asker's pod differs from the plainest. */
export interface AskerOptions {
  /** Questions that it asks ten times a second, with their answers. */
  readonly steady?: readonly (Question & { readonly allowed: boolean })[];
  /** Default: asks for injection. */
  readonly labels?: Readonly<Record<string, string>>;
  readonly annotations?: Readonly<Record<string, string>>;
  readonly serviceAccountName?: string;
  /** Lets the asker send signals to the sidecar: one table of processes, and the sidecar's user. */
  readonly signalsSidecar?: boolean;
  /** Asks once and ends. */
  readonly isJob?: boolean;
}

/** What a pod that asks consists of, for templates and for pods themselves. It satisfies the Pod Security standard "restricted". */
export function askerTemplate(name: string, options: AskerOptions = {}) {
  const { steady = [], labels, annotations, signalsSidecar = false, isJob = false } = options;
  const env = [
    { name: "STEADY", value: JSON.stringify(steady) },
    ...(isJob ? [{ name: "JOB", value: "true" }] : []),
  ];
  return {
    metadata: { labels: { app: name, ...(labels ?? { "sidegate.dev/inject": "true" }) }, annotations },
    spec: {
      serviceAccountName: options.serviceAccountName ?? "default",
      shareProcessNamespace: signalsSidecar,
      terminationGracePeriodSeconds: 10,
      ...(isJob && { restartPolicy: "Never" }),
      securityContext: {
        runAsNonRoot: true,
        runAsUser: signalsSidecar ? 65_532 : 1000,
        seccompProfile: { type: "RuntimeDefault" },
      },
      containers: [
        {
          name: "app",
          image: process.env.SIDEGATE_IMAGE,
          imagePullPolicy: "IfNotPresent",
          command: ["node", "/asker/asker.mjs"],
          env,
          securityContext: { allowPrivilegeEscalation: false, capabilities: { drop: ["ALL"] } },
          volumeMounts: [{ name: "asker", mountPath: "/asker" }],
          // Ready once it listens, which it does once it has been answered.
          ...(!isJob && { readinessProbe: { tcpSocket: { port: 8080 }, periodSeconds: 1 } }),
        },
      ],
      volumes: [{ name: "asker", configMap: { name: "asker" } }],
    },
  };
}

/** A Deployment of askers. */
export function askerDeployment(name: string, replicas: number, options: AskerOptions = {}) {
  const template = askerTemplate(name, options);
  const selector = { matchLabels: { app: name } };
  return {
    apiVersion: "apps/v1",
    kind: "Deployment",
    metadata: { name },
    spec: { replicas, selector, template },
  };
}
