import type { ServiceAccount } from "./injection-handler.ts";
import type { InjectionMode } from "./settings.ts";

/**
 * Says that a pod will get no policy, and the commands that change it: a line for each, since an API server cuts warnings
 * after 256 characters.
 */
export function warnOfMissingRight(
  { namespace, name }: ServiceAccount,
  domain: string,
  mode: InjectionMode,
): string[] {
  const role = `sidegate-sync-${domain}`;
  const outcome = mode === "sidecar" ? "the pod waits in its init phase" : "its checks are refused";
  return [
    `Service account ${namespace}/${name} may not sync the access domain ${domain}: ${outcome} until it may. Allow it with`,
    `kubectl -n ${domain} create role ${role} --verb=sync --resource=accessdomains.sidegate.dev`,
    `kubectl -n ${domain} create rolebinding ${role}-${name} --role=${role} --serviceaccount=${namespace}:${name}`,
  ];
}
