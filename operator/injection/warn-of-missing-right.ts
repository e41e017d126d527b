import type { InjectionMode } from "./settings.ts";

/** A service account of Kubernetes. */
export interface ServiceAccount {
  readonly namespace: string;
  readonly name: string;
}

const WAITS = "the pod waits in its init phase";

/** The ClusterRole with the verb `sync`, which the chart has. */
const SYNC_ROLE = "sidegate-sync";

/**
 * Says that a pod will get no policy, and the command that changes it: on a line of its own, since an API server cuts warnings
 * after 256 characters.
 */
export function warnOfMissingRight(
  { namespace, name }: ServiceAccount,
  domain: string,
  mode: InjectionMode,
): string[] {
  const outcome = mode === "sidecar" ? WAITS : "its checks are refused";
  return [
    `Service account ${namespace}/${name} may not sync the access domain ${domain}: ${outcome} until it may. List ${domain} under sync.namespaces of the chart, or run`,
    `kubectl -n ${domain} create rolebinding sidegate-sync-${name} --clusterrole=${SYNC_ROLE} --serviceaccount=${namespace}:${name}`,
  ];
}

/** Says that there is nothing to decide by yet. */
export function warnOfEmptyDomain(domain: string, mode: InjectionMode): string {
  const outcome = mode === "sidecar" ? WAITS : "its checks get no answer";
  return `Namespace ${domain} has no policy, since it holds no objects of Sidegate: ${outcome} until it does`;
}
