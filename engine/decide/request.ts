import type { JsonObject } from "../model/json.ts";
import { limits } from "../model/limits.ts";
import { quote } from "../model/quote.ts";
import { isReserved, isServiceAccountName } from "../model/subject.ts";
import type { TokenEvidence } from "../token/token-evidence.ts";

/** A question, as the doors hand it to `decide`. An empty string or list is none given. */
export interface DecisionRequest {
  /** "User" or "ServiceAccount". */
  readonly subjectKind: string;
  readonly subjectName: string;
  /** Asserted groups. */
  readonly groups: readonly string[];
  /** "type:verb" */
  readonly permission: string;
  /** "platform", "organization/NAME", "workspace/NAME" or "environment/NAME". */
  readonly scope: string;
  readonly resourceName: string;
  readonly activeRoles: readonly string[];
  /** Facts for conditions, as the caller says; left out: none. */
  readonly subjectAttributes?: JsonObject | undefined;
  readonly resourceAttributes?: JsonObject | undefined;
  readonly context?: JsonObject | undefined;
  /** What the request's token proves; left out: it has none. */
  readonly token?: TokenEvidence | undefined;
  /** Whether the caller found the policy older than its staleness bound and answers by Deny. */
  readonly stale?: boolean;
}

/** A User or ServiceAccount. */
export interface Subject {
  readonly kind: string;
  readonly name: string;
}

/** Who asks: the User whom the token stands for, or whom the request names. */
export function subjectOf({ subjectKind, subjectName, token }: DecisionRequest): Subject {
  return token?.valid ? { kind: "User", name: token.subject } : { kind: subjectKind, name: subjectName };
}

/** What is wrong with a request that can not be decided. */
export interface Malformed {
  /** The field as it is called in CheckRequest, for example "subject.name". */
  readonly field: string;
  /** A sentence without full stop that names the field and the remedy. */
  readonly detail: string;
}

const SCOPE = /^(platform|(organization|workspace|environment)\/[^/]+)$/;

/** Finds what makes a request malformed (semantics, section 3), or undefined. */
export function findMalformed(request: DecisionRequest): Malformed | undefined {
  return (
    checkSubject(request) ??
    checkNames("subject.groups", request.groups, limits.groups) ??
    checkPermission(request.permission) ??
    checkScope(request.scope) ??
    checkLength("resource.name", request.resourceName, limits.resourceName) ??
    checkNames("active_roles", request.activeRoles, limits.activeRoles)
  );
}

function checkSubject({
  subjectKind: kind,
  subjectName: name,
  token,
}: DecisionRequest): Malformed | undefined {
  if (kind === "" && name === "") {
    return token !== undefined
      ? undefined
      : { field: "subject", detail: "subject is missing; name who asks, or send a token" };
  }
  if (kind !== "User" && kind !== "ServiceAccount") {
    return {
      field: "subject.kind",
      detail: `subject.kind is ${quote(kind)}; it must be User or ServiceAccount`,
    };
  }
  if (kind === "ServiceAccount" && !isServiceAccountName(name)) {
    return {
      field: "subject.name",
      detail: `subject.name is ${quote(name)}; a service account is written namespace/name`,
    };
  }
  return checkName("subject.name", name);
}

function checkNames(field: string, names: readonly string[], limit: number): Malformed | undefined {
  if (names.length > limit)
    return { field, detail: `${field} has ${names.length} entries; at most ${limit} are allowed` };
  for (let i = 0; i < names.length; i++) {
    const malformed = checkName(field, names[i]!);
    if (malformed !== undefined) return { field, detail: `entry ${i} of ${malformed.detail}` };
  }
  return undefined;
}

function checkName(field: string, name: string): Malformed | undefined {
  if (name === "") return { field, detail: `${field} is empty; give a name or leave it out` };
  if (isReserved(name))
    return { field, detail: `${field} is ${quote(name)}; names that begin so are reserved for Sidegate` };
  return checkLength(field, name, limits.subjectName);
}

export function checkLength(field: string, text: string, limit: number): Malformed | undefined {
  if (text.length <= limit) return undefined;
  return { field, detail: `${field} has ${text.length} characters; at most ${limit} are allowed` };
}

function checkPermission(permission: string): Malformed | undefined {
  const field = "permission";
  const colon = permission.lastIndexOf(":");
  if (colon <= 0 || colon === permission.length - 1) {
    return {
      field,
      detail: `permission is ${quote(permission)}; it is written type:verb, for example logs:view`,
    };
  }
  if (isReserved(permission.slice(0, colon)) || isReserved(permission.slice(colon + 1))) {
    return {
      field,
      detail: `permission is ${quote(permission)}; names that begin so are reserved for Sidegate`,
    };
  }
  return checkLength(field, permission, limits.permission);
}

function checkScope(scope: string): Malformed | undefined {
  const field = "scope";
  if (scope.length > limits.scope) return checkLength(field, scope, limits.scope);
  if (SCOPE.test(scope)) return undefined;
  const forms = "platform, organization/NAME, workspace/NAME or environment/NAME";
  return { field, detail: `scope is ${quote(scope)}; it is written ${forms}` };
}
