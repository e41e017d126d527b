import type { KubeObject } from "../kube/kube-api.ts";

interface Webhook {
  readonly clientConfig?: { readonly caBundle?: string };
}

/** By these annotations cert-manager's injector keeps the caBundle itself. */
const INJECTED = [
  "cert-manager.io/inject-ca-from",
  "cert-manager.io/inject-ca-from-secret",
  "cert-manager.io/inject-apiserver-ca",
];

/** Whether cert-manager was asked to keep the authorities of a webhook configuration. */
export function isInjectedByOthers({ metadata }: KubeObject): boolean {
  const annotations = (metadata.annotations ?? {}) as Record<string, unknown>;
  return INJECTED.some((name) => annotations[name] !== undefined);
}

/**
 * A merge patch that makes all webhooks of a configuration trust `ca` (PEM), or undefined where they do. It depends on what
 * was read, since it carries the whole list.
 */
export function caBundlePatch(configuration: KubeObject, ca: string): object | undefined {
  const webhooks = (configuration.webhooks ?? []) as readonly Webhook[];
  const caBundle = Buffer.from(ca).toString("base64");
  if (webhooks.every(({ clientConfig }) => clientConfig?.caBundle === caBundle)) return undefined;
  const { resourceVersion } = configuration.metadata;
  return {
    metadata: { resourceVersion },
    webhooks: webhooks.map((webhook) => ({
      ...webhook,
      clientConfig: { ...webhook.clientConfig, caBundle },
    })),
  };
}
