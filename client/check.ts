import type { JsonObject } from "../proto/struct.ts";

/** Who asks. */
export interface Subject {
  readonly kind: "User" | "ServiceAccount";
  /** A service account is written "namespace/name". */
  readonly name: string;
  /** All groups that you know the subject to be in. One left out takes its Deny rules away. */
  readonly groups?: readonly string[];
  /** Facts about the subject for conditions. */
  readonly attributes?: JsonObject;
}

/** One question. */
export interface Check {
  /** The namespace whose policy decides; may be left out where the sidecar serves one domain only. */
  readonly domain?: string;
  /** Required unless there is a token. */
  readonly subject?: Subject;
  /** "type:verb", for example "logs:view". */
  readonly permission: string;
  /** "platform", "organization/NAME", "workspace/NAME" or "environment/NAME". */
  readonly scope: string;
  /** The one resource in question; left out: the permission on the type as a whole. */
  readonly resource?: { readonly name?: string; readonly attributes?: JsonObject };
  /** Facts of this request for conditions. */
  readonly context?: JsonObject;
  /** If any is named, only these roles' Allow rules count. */
  readonly activeRoles?: readonly string[];
  /** A signed token that narrows what its bearer may do. */
  readonly token?: string;
  /** Writes that the answer must not be older than, each "Kind:resourceVersion". Waits until the deadline. */
  readonly minPosition?: readonly string[];
  /** Asks for the grant that decided. */
  readonly explain?: boolean;
}

/** Why a decision fell as it did. "Unknown" stands for reasons that a newer sidecar has and this client has not. */
export type Reason =
  | "Allowed"
  | "Stale"
  | "InvalidToken"
  | "UnknownScope"
  | "UnknownPermission"
  | "WrongLevel"
  | "Suspended"
  | "SeparationOfDuty"
  | "TokenDenied"
  | "ExplicitDeny"
  | "NoGrant"
  | "Unknown";

export type Level = "Platform" | "Organization" | "Workspace" | "Environment";

/** The grant that decided. For the operator's eyes. */
export interface Explanation {
  readonly binding: string;
  /** The role that the binding names. */
  readonly role: string;
  /** The role in which the rule stands: the same, or one that it includes. */
  readonly ruleRole: string;
  /** The scope that the binding names. */
  readonly scope: string;
  /** The subject of the binding, "Kind:name". */
  readonly subject: string;
}

/** The answer to a Check. */
export interface Decision {
  readonly allowed: boolean;
  /** For logs. Never show it to the subject: see `publicReason`. */
  readonly reason: Reason;
  /**
   * Of denials: what to tell the subject. "Forbidden": that it may not (HTTP 403). "NotFound": that there is nothing
   * (HTTP 404), and nothing else.
   */
  readonly disclosure?: "Forbidden" | "NotFound";
  /** What the subject may be told. Unset with "NotFound". */
  readonly publicReason?: Reason;
  /** The revision of the policy that decided. */
  readonly revision: string;
  /** With "WrongLevel": the level that the permission's type lives at. For logs. */
  readonly level?: Level;
  /** If asked for and a grant decided. */
  readonly explanation?: Explanation;
}
