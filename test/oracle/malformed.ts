import { limits } from "../../engine/model/limits.ts";
import type { OracleRequest } from "./request.ts";
import { parseScope } from "./scopes.ts";

/**
 * Section 3: "It is **malformed** with neither subject nor token, with another subject kind, an empty or reserved subject,
 * group, type, verb or active role, a service account that is not `namespace/name`, a scope not written as in section 2,
 * [...] or anything over the documented limits."
 */
export function isMalformed(request: OracleRequest): boolean {
  const { type, verb } = splitPermission(request.permission);
  return (
    (isSubjectMalformed(request) && !(namesNobody(request) && request.token !== undefined)) ||
    [type, verb, ...request.groups, ...request.activeRoles].some(isEmptyOrReserved) ||
    parseScope(request.scope) === undefined ||
    isOverLimits(request)
  );
}

/** Whether a request leaves its subject to the token. */
export function namesNobody(request: OracleRequest): boolean {
  return request.subjectKind === "" && request.subjectName === "";
}

function isSubjectMalformed({ subjectKind, subjectName }: OracleRequest): boolean {
  return (
    !["User", "ServiceAccount"].includes(subjectKind) ||
    isEmptyOrReserved(subjectName) ||
    (subjectKind === "ServiceAccount" && !isServiceAccountName(subjectName))
  );
}

/** "A permission is written `type:verb`"; "names of types and verbs have no colon". Without a colon the type is empty. */
export function splitPermission(permission: string): { type: string; verb: string } {
  const colon = permission.lastIndexOf(":");
  return { type: permission.slice(0, Math.max(colon, 0)), verb: permission.slice(colon + 1) };
}

/** "Names beginning with `system:`, `token:` and `k8s:` are reserved for Sidegate itself." */
export function isEmptyOrReserved(name: string): boolean {
  return name === "" || ["system:", "token:", "k8s:"].some((prefix) => name.startsWith(prefix));
}

function isServiceAccountName(name: string): boolean {
  const parts = name.split("/");
  return parts.length === 2 && parts.every((part) => part !== "");
}

function isOverLimits(request: OracleRequest): boolean {
  return (
    [request.subjectName, ...request.groups].some((name) => name.length > limits.subjectName) ||
    request.groups.length > limits.groups ||
    request.permission.length > limits.permission ||
    request.scope.length > limits.scope ||
    request.resourceName.length > limits.resourceName ||
    request.activeRoles.length > limits.activeRoles ||
    (request.token?.text ?? "").length > limits.token
  );
}
