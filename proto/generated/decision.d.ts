// Generated from sidegate/v1/decision.proto by proto/generate.ts.

import type { MessageType } from "../message-type.ts";

export interface CheckRequest {
  /** The namespace whose policy decides. May be left out where the sidecar serves one domain only. */
  domain: string;
  /** Who asks. Required unless a token is given. */
  subject: Subject | null;
  /** What is asked, written "type:verb", for example "logs:view". */
  permission: string;
  /** Where: "platform", "organization/NAME", "workspace/NAME" or "environment/NAME". */
  scope: string;
  /** The one resource in question; left out: the permission on the type as a whole. */
  resource: Resource | null;
  /** Facts of this request for conditions. */
  context: Struct | null;
  /** If any is named, only these roles' Allow rules count (role activation). */
  activeRoles: string[];
  /** A signed token that narrows what its bearer may do. */
  token: string;
  /**
   * Consistency tokens, each "Kind:resourceVersion" of a write that the answer must not be older than.
   * The check waits for them until its deadline.
   */
  minPosition: string[];
  /** Asks for the binding, role and rule that decided. Costs a little; meant for people and tools. */
  explain: boolean;
}
export const CheckRequest: MessageType<CheckRequest>;

export interface Subject {
  /** "User" or "ServiceAccount". */
  kind: string;
  /** A service account is written "namespace/name". */
  name: string;
  /** All groups that the caller knows the subject to be in, for example from its identity provider. */
  groups: string[];
  /** Facts about the subject for conditions. */
  attributes: Struct | null;
}
export const Subject: MessageType<Subject>;

export interface Resource {
  name: string;
  attributes: Struct | null;
}
export const Resource: MessageType<Resource>;

/** Why a decision fell as it did (docs/reference/semantics.md, section 5). */
export const Reason: {
  readonly REASON_UNSPECIFIED: 0;
  readonly ALLOWED: 1;
  readonly STALE: 2;
  readonly INVALID_TOKEN: 3;
  readonly UNKNOWN_SCOPE: 4;
  readonly UNKNOWN_PERMISSION: 5;
  readonly WRONG_LEVEL: 6;
  readonly SUSPENDED: 7;
  readonly SEPARATION_OF_DUTY: 8;
  readonly TOKEN_DENIED: 9;
  readonly EXPLICIT_DENY: 10;
  readonly NO_GRANT: 11;
};
export type Reason = 0 | 1 | 2 | 3 | 4 | 5 | 6 | 7 | 8 | 9 | 10 | 11;

/** What the subject may learn from a denial. */
export const Disclosure: {
  readonly DISCLOSURE_UNSPECIFIED: 0;
  /** The subject sees the scope: answer as "forbidden" (HTTP 403). */
  readonly FORBIDDEN: 1;
  /** The subject must not learn whether the scope exists: answer as "not found" (HTTP 404) and say nothing else. */
  readonly NOT_FOUND: 2;
};
export type Disclosure = 0 | 1 | 2;

export const Level: {
  readonly LEVEL_UNSPECIFIED: 0;
  readonly PLATFORM: 1;
  readonly ORGANIZATION: 2;
  readonly WORKSPACE: 3;
  readonly ENVIRONMENT: 4;
};
export type Level = 0 | 1 | 2 | 3 | 4;

export interface CheckResponse {
  allowed: boolean;
  /** For the operator's eyes (logs, dashboards). Never show it to the subject: see public_reason. */
  reason: Reason;
  /** Set on denials. */
  disclosure: Disclosure;
  /** What the subject may be told. Unset on NOT_FOUND. */
  publicReason: Reason;
  /** The revision of the policy that decided. */
  revision: string;
  /** With WRONG_LEVEL: the level that the permission's type lives at. For the operator's eyes. */
  level: Level;
  /** Filled if the request asked to explain and a grant decided. For the operator's eyes. */
  explanation: Explanation | null;
}
export const CheckResponse: MessageType<CheckResponse>;

/** The grant that decided. */
export interface Explanation {
  binding: string;
  /** The role that the binding names. */
  role: string;
  /** The role in which the rule stands: the same, or one that it includes. */
  ruleRole: string;
  /** The scope that the binding names. */
  scope: string;
  /** The subject of the binding through which the request's subject has the grant, written "Kind:name". */
  subject: string;
}
export const Explanation: MessageType<Explanation>;

export interface BatchCheckRequest {
  checks: CheckRequest[];
}
export const BatchCheckRequest: MessageType<BatchCheckRequest>;

export interface BatchCheckResponse {
  results: BatchCheckResult[];
}
export const BatchCheckResponse: MessageType<BatchCheckResponse>;

export interface BatchCheckResult {
  response: CheckResponse | null;
  error: CheckError | null;
  /** Which of these is set. */
  readonly result?: "response" | "error";
}
export const BatchCheckResult: MessageType<BatchCheckResult>;

/** The error of one question in a batch. */
export interface CheckError {
  /** The gRPC status code that Check would have ended with. */
  status: number;
  /** InvalidRequest, Unavailable or PositionNotReached. */
  reason: string;
  message: string;
}
export const CheckError: MessageType<CheckError>;

export interface ExplainResponse {
  /** What Check would have answered. */
  response: CheckResponse | null;
  /** The grants that matter, the deciding one first: those that allow, deny, or would but for something. */
  grants: ExplainedGrant[];
  /** For a denial: the smallest changes that would allow it. */
  nearestMisses: NearestMiss[];
  /**
   * What the request's token does: why it is not valid, which selector decides, which entries have no effect.
   * Empty: the request has none.
   */
  token: string;
  /** With SEPARATION_OF_DUTY: the AccessConstraint and the roles that are active. Empty otherwise. */
  conflict: string;
}
export const ExplainResponse: MessageType<ExplainResponse>;

/** An object that took part, with what tells where it came from. */
export interface ObjectRef {
  kind: string;
  name: string;
  generation: number;
  /**
   * From Git, as the annotations and labels of Argo CD and Flux tell, for example
   * "argocd.argoproj.io/tracking-id=shop:..."; empty: they tell nothing.
   */
  provenance: string;
}
export const ObjectRef: MessageType<ObjectRef>;

export interface ExplainedGrant {
  binding: ObjectRef | null;
  /** The role that the binding names. */
  role: ObjectRef | null;
  /** The role in which the rule stands: the same, or one that it includes. */
  ruleRole: ObjectRef | null;
  /** Index of the rule in rule_role. */
  rule: number;
  /** The scope that the binding names. */
  scope: string;
  /** The subject of the binding through which the request's subject has the grant, written "Kind:name". */
  subject: string;
  /**
   * "Allows", "Denies", or why it does not count: "NotYet", "Over", "NoMembership", "NotFitting", "Yields",
   * "Void", "Condition", "Names", "NotActive". docs/reference/explanations.md says what they mean.
   */
  effect: string;
  /** What a person needs to know of it, for example the condition and the values that it saw. */
  detail: string;
}
export const ExplainedGrant: MessageType<ExplainedGrant>;

/** Changes that together would allow what was denied; no smaller set would. */
export interface NearestMiss {
  changes: NeededChange[];
}
export const NearestMiss: MessageType<NearestMiss>;

export interface NeededChange {
  /**
   * "Grant", "Window", "BindingCondition", "RuleCondition", "ResourceName", "DenyRule", "Binding", "Membership",
   * "ActiveRoles", "Token" or "Suspension": docs/reference/explanations.md says what they are.
   */
  kind: string;
  /** A sentence. */
  message: string;
  /** The objects that would have to change. */
  objects: ObjectRef[];
  /** With Grant: a role that would allow it, and a scope to bind it at. */
  role: string;
  scope: string;
  /** With Grant: who could give it, as bindings name them, "Kind:name", at most 20. */
  grantors: string[];
  /** Whether there are more. */
  moreGrantors: boolean;
}
export const NeededChange: MessageType<NeededChange>;

export const Certainty: {
  readonly CERTAINTY_UNSPECIFIED: 0;
  /** A check of it is allowed at this revision, until `until`. */
  readonly ALWAYS: 1;
  /** It hangs on what depends_on says. */
  readonly CONDITIONAL: 2;
};
export type Certainty = 0 | 1 | 2;

export interface Holding {
  certainty: Certainty;
  /** With ALWAYS: the first instant at which it may no longer be so, in milliseconds since 1970; 0: none. */
  until: number;
  dependsOn: Dependency[];
}
export const Holding: MessageType<Holding>;

export interface Dependency {
  /**
   * "Names" and "Condition": what has to match, in Allow rules and bindings. "DenyNames" and "DenyCondition": what
   * must not. "Group": an asserted group, "system:authenticated" or "token:POLICY". "TokenAttribute": an attribute
   * of the resource by which the token decides. "Operator": a name in which only the operator asks. "More": how
   * many dependencies are left out, beyond 32.
   */
  kind: string;
  /** The names, the condition, the group or the attribute. */
  detail: string;
}
export const Dependency: MessageType<Dependency>;

export interface Page {
  /** At most so many entries; 0: 100. At most 1,000. */
  size: number;
  /** From the response before; empty: from the start. */
  token: string;
}
export const Page: MessageType<Page>;

export interface ListPermissionsRequest {
  /** Who and where, as in a check; no permission. */
  query: CheckRequest | null;
  page: Page | null;
}
export const ListPermissionsRequest: MessageType<ListPermissionsRequest>;

export interface ListPermissionsResponse {
  permissions: HeldPermission[];
  nextPageToken: string;
  revision: string;
  /** If nothing could be listed whatever anybody was granted: why, as a check would say it. For the operator's eyes. */
  obstacle: Reason;
}
export const ListPermissionsResponse: MessageType<ListPermissionsResponse>;

export interface HeldPermission {
  permission: string;
  holding: Holding | null;
}
export const HeldPermission: MessageType<HeldPermission>;

export interface ListSubjectsRequest {
  /** What and where, as in a check; no subject. */
  query: CheckRequest | null;
  page: Page | null;
}
export const ListSubjectsRequest: MessageType<ListSubjectsRequest>;

export interface ListSubjectsResponse {
  subjects: HoldingSubject[];
  nextPageToken: string;
  revision: string;
  /** As in ListPermissionsResponse. */
  obstacle: Reason;
}
export const ListSubjectsResponse: MessageType<ListSubjectsResponse>;

export interface HoldingSubject {
  /**
   * "User", "ServiceAccount", or "Group" for what whoever is in it has: an asserted group,
   * "system:authenticated" or "token:POLICY".
   */
  kind: string;
  name: string;
  holding: Holding | null;
}
export const HoldingSubject: MessageType<HoldingSubject>;

export interface ListScopesRequest {
  /** Who and what, as in a check; no scope. No permission: any. */
  query: CheckRequest | null;
  page: Page | null;
}
export const ListScopesRequest: MessageType<ListScopesRequest>;

export interface ListScopesResponse {
  scopes: HeldScope[];
  nextPageToken: string;
  revision: string;
  /** As in ListPermissionsResponse. */
  obstacle: Reason;
}
export const ListScopesResponse: MessageType<ListScopesResponse>;

export interface HeldScope {
  scope: string;
  holding: Holding | null;
}
export const HeldScope: MessageType<HeldScope>;

export interface CanGrantRequest {
  /** Who would give or take, and where: subject, token, scope and so on as in a check; no permission. */
  actor: CheckRequest | null;
  /** "Give" or "Take". */
  verb: string;
  role: string;
  /** "User", "ServiceAccount", "Group" or "AccessGroup", and its name. */
  targetKind: string;
  targetName: string;
}
export const CanGrantRequest: MessageType<CanGrantRequest>;

export interface CanGrantResponse {
  allowed: boolean;
  /**
   * Empty if allowed: "NoGrant", "NotAssignable", "Conflict", "NoMembership", "LastHolder" and so on:
   * docs/reference/delegation.md lists them. For the operator's eyes.
   */
  reason: string;
  message: string;
  revision: string;
}
export const CanGrantResponse: MessageType<CanGrantResponse>;

export interface ListGrantableRequest {
  /** Who and where, as in a check; no permission. The scopes below are listed too. */
  actor: CheckRequest | null;
  page: Page | null;
}
export const ListGrantableRequest: MessageType<ListGrantableRequest>;

export interface ListGrantableResponse {
  grantable: Grantable[];
  nextPageToken: string;
  revision: string;
}
export const ListGrantableResponse: MessageType<ListGrantableResponse>;

export interface Grantable {
  scope: string;
  role: string;
  give: boolean;
  take: boolean;
}
export const Grantable: MessageType<Grantable>;

export interface Struct {
  fields: { [key: string]: Value };
}
export const Struct: MessageType<Struct>;

export interface Value {
  nullValue: NullValue | null;
  numberValue: number | null;
  stringValue: string | null;
  boolValue: boolean | null;
  structValue: Struct | null;
  listValue: ListValue | null;
  /** Which of these is set. */
  readonly kind?: "nullValue" | "numberValue" | "stringValue" | "boolValue" | "structValue" | "listValue";
}
export const Value: MessageType<Value>;

export const NullValue: {
  readonly NULL_VALUE: 0;
};
export type NullValue = 0;

export interface ListValue {
  values: Value[];
}
export const ListValue: MessageType<ListValue>;
