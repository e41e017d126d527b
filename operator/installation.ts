/** Who this process is among the replicas of an installed operator. */
export interface Installation {
  /** The namespace of the operator's own objects: Deployment, Leases, DeliveryReports, the Secret of its authority. */
  readonly namespace: string;
  /** The name of this replica's pod; no two processes at a time have the same. */
  readonly replica: string;
  /** The Service by which sidecars and the API server reach the replicas. */
  readonly service: string;
}

/** Where the certificates of delivery and webhooks come from. */
export type CertificateOrigin =
  | { readonly from: "own" }
  /** A Secret of type kubernetes.io/tls in the operator's namespace, which cert-manager keeps. */
  | { readonly from: "secret"; readonly name: string };

/** What an installed operator is told besides what every operator is. */
export interface InClusterOptions extends Installation {
  /** Where the API server reaches the webhooks: "HOST:PORT". Absent: there are none. */
  readonly webhooks?: string | undefined;
  /** Names of the webhook configurations whose caBundle the operator keeps. */
  readonly validatingWebhooks: readonly string[];
  readonly mutatingWebhooks: readonly string[];
  /** A file (YAML) that says what is injected into pods. Absent: nothing is. */
  readonly injection?: string | undefined;
  readonly certificates: CertificateOrigin;
  /** How long a graceful stop may take, in milliseconds. */
  readonly graceMs: number;
}
