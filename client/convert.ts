import {
  type CheckRequest,
  type CheckResponse,
  Disclosure,
  Level,
  Reason,
} from "../proto/generated/decision.js";
import type { Input } from "../proto/message-type.ts";
import { toStruct } from "../proto/struct.ts";
import type { Check, Decision, Explanation, Level as LevelName, Reason as ReasonName } from "./check.ts";

/** @param domain stands in where the check names none */
export function toRequest(check: Check, domain: string | undefined): Input<CheckRequest> {
  const { subject, resource, context } = check;
  return {
    domain: check.domain ?? domain,
    subject: subject && { ...subject, attributes: subject.attributes && toStruct(subject.attributes) },
    permission: check.permission,
    scope: check.scope,
    resource: resource && { ...resource, attributes: resource.attributes && toStruct(resource.attributes) },
    context: context && toStruct(context),
    activeRoles: check.activeRoles,
    token: check.token,
    minPosition: check.minPosition,
    explain: check.explain,
  };
}

export function toDecision(response: CheckResponse): Decision {
  const decision: { -readonly [Key in keyof Decision]: Decision[Key] } = {
    allowed: response.allowed,
    reason: reasonOf(response.reason),
    revision: response.revision,
  };
  if (!response.allowed) {
    // What this client does not know is to be kept to itself: NotFound says least.
    decision.disclosure = response.disclosure === Disclosure.FORBIDDEN ? "Forbidden" : "NotFound";
  }
  if (response.publicReason !== Reason.REASON_UNSPECIFIED) {
    decision.publicReason = reasonOf(response.publicReason);
  }
  const level = levelNames[response.level];
  if (level !== undefined) decision.level = level;
  if (response.explanation !== null) decision.explanation = toExplanation(response.explanation);
  return decision;
}

/** The name of a reason. */
export function reasonOf(reason: number): ReasonName {
  return reasonNames[reason] ?? "Unknown";
}

function toExplanation({ binding, role, ruleRole, scope, subject }: Explanation): Explanation {
  return { binding, role, ruleRole, scope, subject };
}

const reasonNames: { readonly [number: number]: ReasonName } = {
  [Reason.ALLOWED]: "Allowed",
  [Reason.STALE]: "Stale",
  [Reason.INVALID_TOKEN]: "InvalidToken",
  [Reason.UNKNOWN_SCOPE]: "UnknownScope",
  [Reason.UNKNOWN_PERMISSION]: "UnknownPermission",
  [Reason.WRONG_LEVEL]: "WrongLevel",
  [Reason.SUSPENDED]: "Suspended",
  [Reason.SEPARATION_OF_DUTY]: "SeparationOfDuty",
  [Reason.TOKEN_DENIED]: "TokenDenied",
  [Reason.EXPLICIT_DENY]: "ExplicitDeny",
  [Reason.NO_GRANT]: "NoGrant",
};

const levelNames: { readonly [number: number]: LevelName } = {
  [Level.PLATFORM]: "Platform",
  [Level.ORGANIZATION]: "Organization",
  [Level.WORKSPACE]: "Workspace",
  [Level.ENVIRONMENT]: "Environment",
};
