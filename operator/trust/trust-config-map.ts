import { isDeepStrictEqual } from "node:util";
import type { KubeApi, KubeObject } from "../kube/kube-api.ts";
import { configMapResource } from "./resources.ts";
import type { TrustBundle } from "./trust-bundle.ts";

/** What the pods of a namespace mount. */
export const TRUST_CONFIG_MAP = "sidegate-trust";

const FIELD_MANAGER = "sidegate-operator";
const LABELS = { "app.kubernetes.io/part-of": "sidegate", "sidegate.dev/trust": "true" };

type Bundle = Pick<TrustBundle, "ca" | "policyKeys">;

/** What the ConfigMap holds: `ca.crt`, PEM, and `policy-keys.json`, a JWKS. */
function dataOf({ ca, policyKeys }: Bundle): Record<string, string> {
  return { "ca.crt": ca, "policy-keys.json": policyKeys };
}

/** Whether a namespace's ConfigMap says what it should. What others add to it does not count. */
export function isTrustTrue({ metadata, data, immutable }: KubeObject, bundle: Bundle): boolean {
  const labels = (metadata.labels ?? {}) as Record<string, unknown>;
  const entries = (data ?? {}) as Record<string, unknown>;
  return (
    immutable !== true &&
    isDeepStrictEqual(labels, { ...labels, ...LABELS }) &&
    isDeepStrictEqual(entries, { ...entries, ...dataOf(bundle) })
  );
}

/**
 * Makes a namespace's ConfigMap say what it should.
 *
 * @param present what is there, as far as is known: one that was made immutable must go first
 * @throws KubeError, with status 404 where the namespace is gone
 */
export async function applyTrust(
  api: KubeApi,
  namespace: string,
  bundle: Bundle,
  present: KubeObject | undefined,
): Promise<KubeObject> {
  if (present?.immutable === true) {
    const { uid } = present.metadata;
    await api.delete(configMapResource, namespace, TRUST_CONFIG_MAP, { uid });
  }
  const object = {
    apiVersion: "v1",
    kind: "ConfigMap",
    metadata: { name: TRUST_CONFIG_MAP, namespace, labels: LABELS },
    data: dataOf(bundle),
  };
  return api.apply(configMapResource, object, { fieldManager: FIELD_MANAGER });
}
