import { readFileSync } from "node:fs";

/** A request that the API server has answered, as its audit log (Metadata level) tells. */
export interface AuditedRequest {
  readonly verb: string;
  /** "accessroles", "accessroles/status". */
  readonly resource: string;
  /** "" for the core group. */
  readonly group: string;
  readonly namespace: string;
  readonly name: string;
  readonly code: number;
}

interface AuditEvent {
  readonly verb: string;
  readonly user: { readonly username?: string };
  readonly responseStatus?: {
    readonly code?: number;
    readonly details?: { readonly causes?: readonly { readonly reason?: string }[] };
  };
  readonly objectRef?: {
    readonly resource?: string;
    readonly subresource?: string;
    readonly apiGroup?: string;
    readonly namespace?: string;
    readonly name?: string;
  };
}

/**
 * The requests of a service account for objects, each kind of request once; what is no object (/version, /readyz) is left out, and so
 * is what was refused while the account had no rights, because they were uninstalled with it, or to whomever, because a namespace was
 * about to go.
 *
 * @param roles the name of its Role, ClusterRole and their bindings
 */
export function readAuditLog(path: string, username: string, roles: string): AuditedRequest[] {
  const found = new Map<string, AuditedRequest>();
  let gone = new Set<string>();
  for (const line of readFileSync(path, "utf8").split("\n")) {
    if (!line.includes(username) && !line.includes(roles)) continue;
    const { verb, user, responseStatus, objectRef } = JSON.parse(line) as AuditEvent;
    if (objectRef?.resource === undefined) continue;
    const { resource, subresource, apiGroup: group = "", namespace = "", name = "" } = objectRef;
    const { code = 0, details } = responseStatus ?? {};
    if (details?.causes?.some(({ reason }) => reason === "NamespaceTerminating")) continue;
    if (group === "rbac.authorization.k8s.io" && name === roles && code < 300) {
      gone = new Set(
        verb === "delete" ? [...gone, resource] : [...gone].filter((other) => other !== resource),
      );
    }
    if (user.username !== username || (code === 403 && gone.size > 0)) continue;
    const request = {
      ...{ verb, group, namespace, name, code },
      resource: subresource === undefined ? resource : `${resource}/${subresource}`,
    };
    found.set(JSON.stringify(request), request);
  }
  return [...found.values()];
}
