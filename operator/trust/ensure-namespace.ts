import type { KubeApi, KubeObject } from "../kube/kube-api.ts";
import { isNotFound } from "../kube/kube-error.ts";
import { configMapResource } from "./resources.ts";
import type { TrustBundle } from "./trust-bundle.ts";
import { applyTrust, isTrustTrue, TRUST_CONFIG_MAP } from "./trust-config-map.ts";

/**
 * Makes sure that a namespace has what its sidecars trust, for pods that are about to be injected there. Any replica may:
 * from then on the leader looks after it. Calls for one namespace that come at the same time share one answer.
 *
 * Nothing is remembered, because a namespace may be deleted and made again, and then its pods would wait for ever.
 */
export function createEnsureNamespace(
  api: KubeApi,
  bundle: TrustBundle,
): (namespace: string) => Promise<void> {
  const underWay = new Map<string, Promise<void>>();
  return (namespace) => {
    const known = underWay.get(namespace);
    if (known !== undefined) return known;
    const call = ensure(api, bundle, namespace).finally(() => underWay.delete(namespace));
    underWay.set(namespace, call);
    return call;
  };
}

async function ensure(api: KubeApi, bundle: TrustBundle, namespace: string): Promise<void> {
  const present = await read(api, namespace);
  if (present !== undefined && isTrustTrue(present, bundle)) return;
  await applyTrust(api, namespace, bundle, present);
}

async function read(api: KubeApi, namespace: string): Promise<KubeObject | undefined> {
  try {
    return await api.get(configMapResource, namespace, TRUST_CONFIG_MAP);
  } catch (error) {
    if (isNotFound(error)) return undefined;
    throw error;
  }
}
