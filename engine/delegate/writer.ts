import type { DecisionRequest } from "../decide/request.ts";

/** Who writes an object: as a subject of the domain, with its groups. */
export interface Writer {
  readonly kind: "User" | "ServiceAccount";
  readonly name: string;
  /** Asserted groups. */
  readonly groups: readonly string[];
}

const SERVICE_ACCOUNT = "system:serviceaccount:";

/** The user of a Kubernetes request as a subject of the domain (semantics, section 8). */
export function kubernetesWriter(username: string, groups: readonly string[]): Writer {
  const known = groups.map((group) => `k8s:${group}`);
  const [namespace, name, ...more] = username.slice(SERVICE_ACCOUNT.length).split(":");
  const isAccount = username.startsWith(SERVICE_ACCOUNT) && name !== undefined && more.length === 0;
  if (isAccount) return { kind: "ServiceAccount", name: `k8s:${namespace}/${name}`, groups: known };
  return { kind: "User", name: `k8s:${username}`, groups: known };
}

/** A writer as the actor of a question at a scope. */
export function actorAt({ kind, name, groups }: Writer, scope: string, permission = ""): DecisionRequest {
  return {
    subjectKind: kind,
    subjectName: name,
    groups,
    permission,
    scope,
    resourceName: "",
    activeRoles: [],
  };
}
