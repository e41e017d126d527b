import { SidegateError } from "../../engine/errors/sidegate-error.ts";
import type { KubeApi, KubeObject, Resource } from "../../operator/kube/kube-api.ts";
import { isNotFound, KubeError } from "../../operator/kube/kube-error.ts";

export const podResource: Resource = { group: "", version: "v1", plural: "pods", kind: "Pod" };

const PAGE = 500;
/** The labels that the chart gives the operator's pods. */
const OPERATOR_LABELS = {
  "app.kubernetes.io/name": "sidegate",
  "app.kubernetes.io/component": "operator",
} as const;

/**
 * The names of the operator's pods that run.
 *
 * @throws SidegateError SG5031 where there are none, SG4004 where the account may not look
 */
export async function findOperatorPods(
  api: KubeApi,
  namespace: string,
  signal: AbortSignal,
): Promise<string[]> {
  const names = await listOperatorPods(api, namespace, ["Running"], signal);
  if (names.length === 0)
    throw new SidegateError("SG5031", `no pod of an operator runs in namespace "${namespace}"`);
  return names;
}

/** The names of the operator's pods in some phases, in order. @throws SidegateError SG4004 where the account may not look */
export async function listOperatorPods(
  api: KubeApi,
  namespace: string,
  phases: readonly string[],
  signal: AbortSignal,
): Promise<string[]> {
  const names: string[] = [];
  let continueToken: string | undefined;
  do {
    const page = await listPods(api, namespace, continueToken, signal);
    for (const pod of page.items) if (isOperator(pod, phases)) names.push(pod.metadata.name);
    continueToken = page.continueToken;
  } while (continueToken !== undefined);
  return names.sort();
}

async function listPods(
  api: KubeApi,
  namespace: string,
  continueToken: string | undefined,
  signal: AbortSignal,
) {
  try {
    return await api.list(podResource, { namespace, limit: PAGE, continueToken, signal });
  } catch (cause) {
    if (!(cause instanceof KubeError)) throw cause;
    if (isNotFound(cause)) return { items: [], continueToken: undefined };
    throw new SidegateError("SG4004", `pods of namespace ${namespace}: ${cause.message}`, { cause });
  }
}

function isOperator({ metadata, status }: KubeObject, phases: readonly string[]): boolean {
  const labels = (metadata.labels ?? {}) as Readonly<Record<string, string>>;
  const { phase = "Pending" } = (status ?? {}) as { readonly phase?: string };
  return (
    phases.includes(phase) && Object.entries(OPERATOR_LABELS).every(([name, value]) => labels[name] === value)
  );
}
