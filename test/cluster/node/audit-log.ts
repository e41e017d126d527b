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
  readonly responseStatus?: { readonly code?: number };
  readonly objectRef?: {
    readonly resource?: string;
    readonly subresource?: string;
    readonly apiGroup?: string;
    readonly namespace?: string;
    readonly name?: string;
  };
}

/** The requests of a service account for objects, each kind of request once; what is no object (/version, /readyz) is left out. */
export function readAuditLog(path: string, username: string): AuditedRequest[] {
  const found = new Map<string, AuditedRequest>();
  for (const line of readFileSync(path, "utf8").split("\n")) {
    if (!line.includes(username)) continue;
    const { verb, user, responseStatus, objectRef } = JSON.parse(line) as AuditEvent;
    if (user.username !== username || objectRef?.resource === undefined) continue;
    const { resource, subresource, apiGroup: group = "", namespace = "", name = "" } = objectRef;
    const request = {
      ...{ verb, group, namespace, name, code: responseStatus?.code ?? 0 },
      resource: subresource === undefined ? resource : `${resource}/${subresource}`,
    };
    found.set(JSON.stringify(request), request);
  }
  return [...found.values()];
}
