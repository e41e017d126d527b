// Made by `node crds/generate-types.ts` from crds/*.yaml; edit these instead.

export const apiGroup = "sidegate.dev";

export const apiVersion = "sidegate.dev/v1alpha1";

/** All kinds, those first that others refer to. */
export const kinds: readonly Kind[] = [
  "AccessDomain",
  "PermissionCatalog",
  "Organization",
  "Workspace",
  "Environment",
  "Membership",
  "AccessGroup",
  "AccessRole",
  "AccessRoleBinding",
  "AccessConstraint",
  "TokenPolicy",
];

/** The plural of each kind, as it stands in the paths of the API. */
export const plurals: Readonly<Record<Kind, string>> = {
  AccessDomain: "accessdomains",
  PermissionCatalog: "permissioncatalogs",
  Organization: "organizations",
  Workspace: "workspaces",
  Environment: "environments",
  Membership: "memberships",
  AccessGroup: "accessgroups",
  AccessRole: "accessroles",
  AccessRoleBinding: "accessrolebindings",
  AccessConstraint: "accessconstraints",
  TokenPolicy: "tokenpolicies",
};

/** The short names of each kind that kubectl knows. */
export const shortNames: Readonly<Record<Kind, readonly string[]>> = {
  AccessDomain: ["adom"],
  PermissionCatalog: ["pcat"],
  Organization: ["org"],
  Workspace: ["ws"],
  Environment: ["env"],
  Membership: ["mem"],
  AccessGroup: ["agrp"],
  AccessRole: ["arole"],
  AccessRoleBinding: ["arb"],
  AccessConstraint: ["acon"],
  TokenPolicy: ["tpol"],
};

/** An object of any kind. */
export type SidegateObject =
  | AccessDomain
  | PermissionCatalog
  | Organization
  | Workspace
  | Environment
  | Membership
  | AccessGroup
  | AccessRole
  | AccessRoleBinding
  | AccessConstraint
  | TokenPolicy;

export type Kind = SidegateObject["kind"];

/** The object type of a kind. */
export type ObjectOf<K extends Kind> = Extract<SidegateObject, { kind: K }>;

/** The metadata that Sidegate keeps of an object. */
export interface ObjectMeta {
  readonly name: string;
  readonly namespace?: string;
  readonly uid?: string;
  readonly resourceVersion?: string;
  /** Counts the changes of the spec. */
  readonly generation?: number;
  /** Set once the object is marked for deletion, in RFC 3339. */
  readonly deletionTimestamp?: string;
  readonly annotations?: Readonly<Record<string, string>>;
  readonly labels?: Readonly<Record<string, string>>;
  readonly finalizers?: readonly string[];
  readonly ownerReferences?: readonly OwnerReference[];
}

/** An object that another one is deleted with. */
export interface OwnerReference {
  readonly apiVersion: string;
  readonly kind: string;
  readonly name: string;
  readonly uid: string;
  readonly controller?: boolean;
  readonly blockOwnerDeletion?: boolean;
}

/** One aspect of an object's state, in the form that all Kubernetes tools read. */
export interface Condition {
  /**
   * The aspect: Accepted (valid, everything it refers to exists, and part of the policy), Effective (every
   * live sidecar decides by it), Effective (every live sidecar decides by it), Satisfied (a constraint that
   * nothing breaks), KeysReady (a token policy whose issuer's keys are known) or Held (the guard holds
   * changes back).
   */
  readonly type: string;
  /** True, False, or Unknown while it has not been judged. */
  readonly status: "True" | "False" | "Unknown";
  /** The metadata.generation that the condition was judged at. */
  readonly observedGeneration?: number;
  /** When the status last changed from one value to another. */
  readonly lastTransitionTime: string;
  /** The cause in one CamelCase word, for programs to compare. */
  readonly reason: string;
  /** The cause in a sentence, for people: which reference is missing, what to change. */
  readonly message: string;
}

/** The status of most kinds. */
export interface CommonStatus {
  /**
   * The metadata.generation that this status speaks of. While it is lower than metadata.generation, the
   * operator has not seen the latest change yet.
   */
  readonly observedGeneration?: number;
  /**
   * What the operator makes of the object, one entry per type of condition. `kubectl wait
   * --for=condition=Effective` waits for one.
   */
  readonly conditions?: readonly Condition[];
}

/** A scope by kind and name. */
export interface ScopeReference {
  /** The kind of scope. */
  readonly kind: "Platform" | "Organization" | "Workspace" | "Environment";
  /** The metadata.name of the Organization, Workspace or Environment. Platform has none. */
  readonly name?: string;
}

/** Anything that a role can be given to. */
export interface SubjectReference {
  /**
   * User for a person, ServiceAccount for a program, Group for a group that callers assert (from an identity
   * provider, for example), AccessGroup for one declared in this namespace. The kinds never match one
   * another.
   */
  readonly kind: "User" | "ServiceAccount" | "Group" | "AccessGroup";
  /**
   * The name as requests carry it, byte for byte; for an AccessGroup its metadata.name. A service account is
   * written NAMESPACE/NAME. The Group system:authenticated holds every subject.
   */
  readonly name: string;
}

/** A subject that acts: a person or a program. */
export interface PrincipalReference {
  /** User for a person, ServiceAccount for a program. */
  readonly kind: "User" | "ServiceAccount";
  /** The name as requests carry it, byte for byte. A service account is written NAMESPACE/NAME. */
  readonly name: string;
}

/** One default role and where it is given. */
export interface AccessDomainDefaultRole {
  /**
   * The AccessRole to give. It must be assignable where it is given and have no Deny rules, own or included.
   */
  readonly role: string;
  /**
   * The types of environments at which the role is given. Left out, the role is given at the organization
   * itself.
   */
  readonly environmentTypes?: readonly string[];
}

/** How old a sidecar's policy may become when it loses contact with the operator. */
export interface AccessDomainStaleness {
  /** After this many seconds without contact the policy counts as stale. Default: 300. */
  readonly maxSeconds?: number;
  /**
   * Deny: each check is denied with the reason Stale. Error: each check fails with the error Unavailable, so
   * that the caller can tell it from a decision. Default: "Deny".
   */
  readonly then?: "Deny" | "Error";
}

/** Holds back changes that take away suspiciously much at once. */
export interface AccessDomainGuard {
  /**
   * A change that revokes more than this share of the domain's grants is held back until it is confirmed. In
   * percent.
   */
  readonly maxRevokedPercent: number;
}

/** The settings. */
export interface AccessDomainSpec {
  /**
   * Required: a role at or below an organization counts only for subjects with a Membership of that
   * organization. Optional: it counts for everyone whom a binding names. Roles at Platform never need a
   * membership. Default: "Required".
   */
  readonly membership?: "Required" | "Optional";
  /**
   * The roles that a new member is given once. The entry without environmentTypes is given at the
   * organization, an entry with them at each environment of these types. Removing or changing such a binding
   * later is respected.
   */
  readonly defaultRoles?: readonly AccessDomainDefaultRole[];
  /** How old a sidecar's policy may become when it loses contact with the operator. Default: {}. */
  readonly staleness?: AccessDomainStaleness;
  /** Holds back changes that take away suspiciously much at once. */
  readonly guard?: AccessDomainGuard;
  /**
   * Raise it after etcd was restored from a backup: resourceVersions start again from a lower number then,
   * and sidecars, which never go back to an older policy, accept them only with a higher epoch.
   */
  readonly epoch?: number;
}

/** How far that policy has come. */
export interface AccessDomainSidecars {
  /** Sidecars that may decide, connected or lost for less than staleness.maxSeconds. */
  readonly live: number;
  /** Those among them that decide by everything that was published. */
  readonly current: number;
}

/** A replica of the operator, or a sidecar, that lacks something. */
export interface AccessDomainLaggard {
  /** The replica of the operator that lags, or that the sidecar was connected to last. */
  readonly replica: string;
  /** The sidecar, as NAMESPACE/POD; left out where only its replica is known. */
  readonly sidecar?: string;
  /**
   * Reading: the replica has not read the change yet. Lagging: the sidecar is connected and has not answered
   * yet. Refusing: it does not take the policy. Lost: its stream ended without a goodbye, and its staleness
   * bound is not over.
   */
  readonly state: "Reading" | "Lagging" | "Refusing" | "Lost";
  /** The code of its refusal, see docs/reference/errors.md. */
  readonly refused?: string;
}

/** The policy that sidecars go on with. */
export interface AccessDomainHeldReleased {
  /** Its revision. */
  readonly revision: string;
  /** Its epoch. */
  readonly epoch: number;
  /** The highest resourceVersion that it holds of each kind. */
  readonly position: Readonly<Record<string, string>>;
}

/** What the guard holds back. Absent while nothing is held. */
export interface AccessDomainHeld {
  /**
   * The revision that is held back. The annotation sidegate.dev/release-held with it, or its first 12
   * characters, lets it go.
   */
  readonly revision: string;
  /** Grants, and members of declared groups, before the changes. */
  readonly total: number;
  /** How many of them the changes would take away. */
  readonly revoked: number;
  /** The share that the guard lets pass, as it was set before the changes. In percent. */
  readonly maxRevokedPercent: number;
  /** The policy that sidecars go on with. */
  readonly released: AccessDomainHeldReleased;
}

/** What the operator reports. Only the operator writes it. */
export interface AccessDomainStatus {
  /** The policy that sidecars are given, as the hash of what it holds. */
  readonly revision?: string;
  /** How far that policy has come. */
  readonly sidecars?: AccessDomainSidecars;
  /** Who lacks something that was published, the first 20. */
  readonly laggards?: readonly AccessDomainLaggard[];
  /**
   * The metadata.generation that this status speaks of. While it is lower than metadata.generation, the
   * operator has not seen the latest change yet.
   */
  readonly observedGeneration?: number;
  /**
   * What the operator makes of the object, one entry per type of condition. `kubectl wait
   * --for=condition=Effective` waits for one.
   */
  readonly conditions?: readonly Condition[];
  /** What the guard holds back. Absent while nothing is held. */
  readonly held?: AccessDomainHeld;
}

/** A verb of the type. */
export interface PermissionCatalogResourceVerb {
  /** The name of the verb, for example view: letters, digits, '-', '_' and '.', and no colon. */
  readonly name: string;
  /**
   * The verbs of the same type that who may do this may do as well: manage implies view. Denying view then
   * also denies manage. A cycle makes the type unknown.
   */
  readonly implies?: readonly string[];
}

/** A resource type, at which level of the scope tree its resources live, and what can be done with them. */
export interface PermissionCatalogResource {
  /**
   * The name of the type, for example logs: letters, digits, '-', '_' and '.', and no colon, because a
   * permission is TYPE:VERB.
   */
  readonly name: string;
  /**
   * The level of the scopes that resources of this type live in. A check at a scope of another level is
   * denied with WrongLevel.
   */
  readonly level: "Platform" | "Organization" | "Workspace" | "Environment";
  /** What can be done with resources of this type, by name. */
  readonly verbs: readonly PermissionCatalogResourceVerb[];
  /** The name that people read, in user interfaces and reports. */
  readonly title?: string;
}

/** The declared types. */
export interface PermissionCatalogSpec {
  /** The resource types, by name. */
  readonly resources: readonly PermissionCatalogResource[];
}

/** The organization as its administrators describe it; {} is enough. */
export interface OrganizationSpec {
  /** The name that people read, in user interfaces and reports. */
  readonly displayName?: string;
  /**
   * While true, every check in the organization and below it is denied with the reason Suspended. What its
   * members can see does not change.
   */
  readonly suspended?: boolean;
  /**
   * Facts for conditions, which read them as organization.attributes and, in checks at the organization, as
   * scope.attributes.
   */
  readonly attributes?: Readonly<Record<string, string>>;
}

/** The workspace and its place in the scope tree. */
export interface WorkspaceSpec {
  /**
   * The Organization that the workspace belongs to. Until it exists, the workspace does not exist for
   * decisions. It never changes.
   */
  readonly organization: string;
  /** The name that people read, in user interfaces and reports. */
  readonly displayName?: string;
  /**
   * Facts for conditions, which read them as workspace.attributes and, in checks at the workspace, as
   * scope.attributes.
   */
  readonly attributes?: Readonly<Record<string, string>>;
}

/** The environment and its place in the scope tree. It has either an organization or a workspace. */
export interface EnvironmentSpec {
  /** The Organization that the environment hangs under directly. It never changes. */
  readonly organization?: string;
  /** The Workspace that the environment is in. It never changes. */
  readonly workspace?: string;
  /**
   * What the environment is for: development, staging, production or a word of your own. Default roles are
   * given by it. It never changes.
   */
  readonly type?: string;
  /** The name that people read, in user interfaces and reports. */
  readonly displayName?: string;
  /** Facts for conditions, which read them as scope.attributes. */
  readonly attributes?: Readonly<Record<string, string>>;
}

/** Who is a member of what. */
export interface MembershipSpec {
  /** The Organization. It never changes. */
  readonly organization: string;
  /** The member. There is one Membership per subject and organization; of more, the first by name counts. */
  readonly subject: PrincipalReference;
  /**
   * The instant at which the membership ends, in RFC 3339, for example 2026-12-31T23:59:59Z. Left out, it has
   * no end.
   */
  readonly expiresAt?: string;
  /** Facts about the member in this organization for conditions, which read them as member.attributes. */
  readonly attributes?: Readonly<Record<string, string>>;
  /**
   * The subject of the domain on whose behalf an application writes this. It must be allowed to admit members
   * itself, so an application's account can not be talked into more than its user may do.
   */
  readonly requestedBy?: PrincipalReference;
}

/** What the operator reports. Only the operator writes it. */
export interface MembershipStatus {
  /**
   * The names of the default bindings that were given for this membership, and of those that were not because
   * they yield to another binding. They are not given again, so removing or changing one is respected.
   */
  readonly defaultsGiven?: readonly string[];
  /**
   * The metadata.generation that this status speaks of. While it is lower than metadata.generation, the
   * operator has not seen the latest change yet.
   */
  readonly observedGeneration?: number;
  /**
   * What the operator makes of the object, one entry per type of condition. `kubectl wait
   * --for=condition=Effective` waits for one.
   */
  readonly conditions?: readonly Condition[];
}

/** The members of the group. */
export interface AccessGroupSpec {
  /** Who belongs to the group, by kind and name. An AccessGroup among them brings its own members. */
  readonly members?: readonly SubjectReference[];
  /**
   * The Organization that the group belongs to. Such a group may be bound in that organization only, and
   * counts only for subjects with a Membership there. It never changes.
   */
  readonly organization?: string;
}

/**
 * Allows or denies verbs on resource types. It matches when its resources, verbs and names do and its
 * condition is true.
 */
export interface AccessRoleRule {
  /** Allow gives the permissions, Deny takes them away from whoever holds the role. Default: "Allow". */
  readonly effect?: "Allow" | "Deny";
  /**
   * Resource types as the catalogs declare them, or "*" for all of them. A type in no catalog has no effect
   * and is reported.
   */
  readonly resources: readonly string[];
  /** Verbs as the catalogs declare them, or "*" for all of them. Implied verbs need not be listed. */
  readonly verbs: readonly string[];
  /**
   * The resource names that the rule is limited to, byte for byte; one that ends in "*" stands for all names
   * with that beginning. Empty or left out, the rule holds for all. Without a resource name in the request,
   * an Allow rule with names does not match and a Deny rule with names does.
   */
  readonly names?: readonly string[];
  /**
   * A condition in CEL over subject, resource, scope, organization, workspace, member, token, context and
   * now, for example `resource.attributes.owner == subject.name`. An error counts as no match for Allow and
   * as a match for Deny.
   */
  readonly when?: string;
}

/** One right to give or take roles. */
export interface AccessRoleGrant {
  /** The AccessRoles that may be given or taken. There is no wildcard. */
  readonly roles: readonly string[];
  /** The levels of the scopes at which they may be given or taken. */
  readonly levels: readonly ("Platform" | "Organization" | "Workspace" | "Environment")[];
  /**
   * Give allows adding subjects to bindings of the roles, Take allows removing them. Default:
   * ["Give","Take"].
   */
  readonly verbs?: readonly ("Give" | "Take")[];
}

/** What the role allows and where it may be bound. */
export interface AccessRoleSpec {
  /** The levels of the scopes at which the role may be bound. It applies there and everywhere below. */
  readonly assignableAt: readonly ("Platform" | "Organization" | "Workspace" | "Environment")[];
  /**
   * What the role allows and denies. A Deny rule that matches overrides every Allow rule, whatever role,
   * scope or order either comes from.
   */
  readonly rules?: readonly AccessRoleRule[];
  /**
   * The AccessRoles whose rules and grants this role has as well. A role that belongs to an organization can
   * be included only by roles of that organization.
   */
  readonly includes?: readonly string[];
  /**
   * Which roles the holder of this role may give to others and take from them, at the scope where it is held
   * and below.
   */
  readonly grants?: readonly AccessRoleGrant[];
  /**
   * The Organization whose own role this is. Such a role can be bound in that organization only. It never
   * changes.
   */
  readonly organization?: string;
  /** The name that people read, in user interfaces and reports. */
  readonly displayName?: string;
}

/** Who is given which role, where and when. */
export interface AccessRoleBindingSpec {
  /** The AccessRole that is given. It must be assignable at the level of the scope. */
  readonly role: string;
  /** Who is given the role, by kind and name. */
  readonly subjects: readonly SubjectReference[];
  /**
   * Where the role is given. It can not be left out; the root of the scope tree is written {kind: Platform}.
   */
  readonly scope: ScopeReference;
  /**
   * The instant from which the binding holds, in RFC 3339, for example 2026-01-01T00:00:00Z. Left out, it
   * holds at once.
   */
  readonly notBefore?: string;
  /**
   * The instant at which the binding ends, in RFC 3339, for example 2026-12-31T23:59:59Z. Left out, it has no
   * end.
   */
  readonly expiresAt?: string;
  /**
   * A condition in CEL on the whole binding, over the same values as the condition of a rule, for example
   * `context.mfa == true`. An error counts as no match for the role's Allow rules and as a match for its Deny
   * rules.
   */
  readonly when?: string;
  /** Why the binding was made, for whoever reviews it later; a ticket, for example. */
  readonly reason?: string;
  /**
   * The subject of the domain on whose behalf an application writes this. It must be allowed to give and take
   * the role itself, so an application's account can not be talked into more than its user may do.
   */
  readonly requestedBy?: PrincipalReference;
}

/** A grant that has no effect, and why. */
export interface AccessRoleBindingVoided {
  /** The AccessConstraint that voids it. */
  readonly constraint: string;
  /** Whose grant it is. */
  readonly subject: SubjectReference;
  /** Where it is void, for example organization/acme. */
  readonly unit: string;
  /** The other AccessRoleBinding of the conflict. */
  readonly conflictsWith?: string;
}

/** What the operator reports. Only the operator writes it. */
export interface AccessRoleBindingStatus {
  /** Grants of this binding that constraints void, the first 50. */
  readonly voided?: readonly AccessRoleBindingVoided[];
  /** How many grants of this binding constraints void in all. */
  readonly voidedTotal?: number;
  /**
   * The metadata.generation that this status speaks of. While it is lower than metadata.generation, the
   * operator has not seen the latest change yet.
   */
  readonly observedGeneration?: number;
  /**
   * What the operator makes of the object, one entry per type of condition. `kubectl wait
   * --for=condition=Effective` waits for one.
   */
  readonly conditions?: readonly Condition[];
}

/** No subject may carry more than atMost of the roles, included ones counted. */
export interface AccessConstraintSeparationOfDuty {
  /** The AccessRoles that one subject must not carry together. */
  readonly roles: readonly string[];
  /** How many of them a subject may carry. Default: 1. */
  readonly atMost?: number;
  /**
   * Scope: roles held at a scope and its ancestors are counted together. Organization: all roles held in an
   * organization, anywhere below it and at Platform are. Default: "Scope".
   */
  readonly per?: "Scope" | "Organization";
  /**
   * Static: a subject may not hold more; grants in conflict are void. Dynamic: a subject may hold more but
   * use only atMost in one request, by naming its active roles. Default: "Static".
   */
  readonly mode?: "Static" | "Dynamic";
}

/** A subject's bindings may name at most one of the roles; included roles are not counted. */
export interface AccessConstraintExclusive {
  /**
   * The AccessRoles, in order of precedence. In a conflict the one that stands first stays and the others are
   * void.
   */
  readonly roles: readonly string[];
  /**
   * Scope: bindings at a scope and its ancestors are seen together. Organization: all bindings in an
   * organization, anywhere below it and at Platform are. Default: "Scope".
   */
  readonly per?: "Scope" | "Organization";
}

/**
 * Every scope of the level keeps at least count Users who hold the role there without end. Writes that would
 * take the number below are refused; it never changes a decision.
 */
export interface AccessConstraintMinHolders {
  /** The AccessRole, for example owner. */
  readonly role: string;
  /** The level of the scopes that must keep holders. */
  readonly level: "Platform" | "Organization" | "Workspace" | "Environment";
  /** How many Users must hold it. They are named by bindings themselves; groups do not count. */
  readonly count: number;
}

/** The constraint, exactly one of its three forms. */
export interface AccessConstraintSpec {
  /** No subject may carry more than atMost of the roles, included ones counted. */
  readonly separationOfDuty?: AccessConstraintSeparationOfDuty;
  /** A subject's bindings may name at most one of the roles; included roles are not counted. */
  readonly exclusive?: AccessConstraintExclusive;
  /**
   * Every scope of the level keeps at least count Users who hold the role there without end. Writes that
   * would take the number below are refused; it never changes a decision.
   */
  readonly minHolders?: AccessConstraintMinHolders;
}

/** A grant that has no effect because of this constraint. */
export interface AccessConstraintVoided {
  /** The AccessRoleBinding that gives it. */
  readonly binding: string;
  /** Whose grant it is. */
  readonly subject: SubjectReference;
  /** Where it is void, for example organization/acme. */
  readonly unit: string;
  /** The other AccessRoleBinding of the conflict. */
  readonly conflictsWith?: string;
}

/** What the operator reports. Only the operator writes it. */
export interface AccessConstraintStatus {
  /** Grants that the constraint voids, the first 100. */
  readonly voided?: readonly AccessConstraintVoided[];
  /** How many grants the constraint voids in all. */
  readonly voidedTotal?: number;
  /**
   * The metadata.generation that this status speaks of. While it is lower than metadata.generation, the
   * operator has not seen the latest change yet.
   */
  readonly observedGeneration?: number;
  /**
   * What the operator makes of the object, one entry per type of condition. `kubectl wait
   * --for=condition=Effective` waits for one.
   */
  readonly conditions?: readonly Condition[];
}

/** The public keys that sign the tokens, either given here or fetched by the operator. */
export interface TokenPolicyKeys {
  /** A JSON Web Key Set, as JSON text. Only asymmetric algorithms that a key names are used. */
  readonly jwks?: string;
  /**
   * The https address of a JSON Web Key Set. The operator fetches it every few minutes and delivers the keys;
   * sidecars fetch nothing. Plain http is for a loopback address of the operator's machine only.
   */
  readonly jwksURL?: string;
}

/** A kind of selector and the attribute that it is matched against. */
export interface TokenPolicyNarrowingSelector {
  /**
   * How selectors of this kind are written in the claim, for example integration:* or configuration:ext:[id],
   * where brackets stand for a value.
   */
  readonly pattern: string;
  /** The attribute of the request's resource that the value is compared with. */
  readonly attribute: string;
}

/** How a claim narrows what the bearer may do. */
export interface TokenPolicyNarrowing {
  /**
   * The claim that maps selectors to true (all), false (nothing) or a list of permissions, for example
   * urn:useparagon:connect:permissions.
   */
  readonly claim: string;
  /**
   * The selectors that the claim may use, from the least specific to the most specific. The most specific one
   * that matches a resource decides alone.
   */
  readonly selectors: readonly TokenPolicyNarrowingSelector[];
  /**
   * What a token without the claim may do. Deny, nothing; Allow, whatever bindings allow its subject.
   * Default: "Deny".
   */
  readonly absent?: "Deny" | "Allow";
  /**
   * What happens when the claim is there and none of its selectors matches. Deny, the permission is narrowed
   * away; Allow, it stands. Default: "Deny".
   */
  readonly unmatched?: "Deny" | "Allow";
}

/** The tokens and the claims to read. */
export interface TokenPolicySpec {
  /**
   * The claim iss of the tokens. Issuer and audience together must select exactly one TokenPolicy of the
   * namespace.
   */
  readonly issuer: string;
  /** A token must have one of these in its claim aud. */
  readonly audiences: readonly string[];
  /** The public keys that sign the tokens, either given here or fetched by the operator. */
  readonly keys: TokenPolicyKeys;
  /** The claim that names the User whom the token stands for. Default: "sub". */
  readonly subjectClaim?: string;
  /** How a claim narrows what the bearer may do. */
  readonly narrowing: TokenPolicyNarrowing;
}

/**
 * With keys.jwksURL, the keys that the operator fetched last. They count as long as the address is the same,
 * also when the issuer can not be reached.
 */
export interface TokenPolicyKeySet {
  /** The usable keys, as the JSON text of a JSON Web Key Set. */
  readonly jwks: string;
  /** The address that they were fetched from. */
  readonly source: string;
  /** When these keys were first fetched. */
  readonly fetchedAt: string;
}

/** What the operator reports. Only the operator writes it. */
export interface TokenPolicyStatus {
  /**
   * The metadata.generation that this status speaks of. While it is lower than metadata.generation, the
   * operator has not seen the latest change yet.
   */
  readonly observedGeneration?: number;
  /**
   * What the operator makes of the object, one entry per type of condition. `kubectl wait
   * --for=condition=Effective` waits for one.
   */
  readonly conditions?: readonly Condition[];
  /**
   * With keys.jwksURL, the keys that the operator fetched last. They count as long as the address is the
   * same, also when the issuer can not be reached.
   */
  readonly keySet?: TokenPolicyKeySet;
}

/**
 * The settings of a domain. A namespace is a domain: one product's authorization world, with its own catalog,
 * roles and tenants. There is at most one AccessDomain in a namespace, named `default`; without it the
 * defaults hold, no default roles are given and nothing is guarded.
 */
export interface AccessDomain {
  readonly apiVersion: typeof apiVersion;
  readonly kind: "AccessDomain";
  readonly metadata: ObjectMeta;
  /** The settings. */
  readonly spec: AccessDomainSpec;
  /** What the operator reports. Only the operator writes it. */
  readonly status?: AccessDomainStatus;
}

/**
 * The resource types that a service owns and the verbs they know; a permission is written TYPE:VERB. The
 * catalogs of a namespace are merged. A type that two catalogs declare differently is unknown, so every check
 * of it is denied, until they agree.
 */
export interface PermissionCatalog {
  readonly apiVersion: typeof apiVersion;
  readonly kind: "PermissionCatalog";
  readonly metadata: ObjectMeta;
  /** The declared types. */
  readonly spec: PermissionCatalogSpec;
  /** What the operator reports. Only the operator writes it. */
  readonly status?: CommonStatus;
}

/**
 * An organization, the tenant of the product: a scope directly below Platform. Requests write it
 * organization/NAME. It keeps a finalizer until nothing refers to it, so that its name can not be used again
 * while old bindings point at it.
 */
export interface Organization {
  readonly apiVersion: typeof apiVersion;
  readonly kind: "Organization";
  readonly metadata: ObjectMeta;
  /** The organization as its administrators describe it; {} is enough. */
  readonly spec: OrganizationSpec;
  /** What the operator reports. Only the operator writes it. */
  readonly status?: CommonStatus;
}

/**
 * A workspace: a scope below an organization, for a project or a team, for example. Requests write it
 * workspace/NAME. It keeps a finalizer until nothing refers to it.
 */
export interface Workspace {
  readonly apiVersion: typeof apiVersion;
  readonly kind: "Workspace";
  readonly metadata: ObjectMeta;
  /** The workspace and its place in the scope tree. */
  readonly spec: WorkspaceSpec;
  /** What the operator reports. Only the operator writes it. */
  readonly status?: CommonStatus;
}

/**
 * An environment: the lowest scope, in a workspace or directly under an organization. Requests write it
 * environment/NAME. It keeps a finalizer until nothing refers to it.
 */
export interface Environment {
  readonly apiVersion: typeof apiVersion;
  readonly kind: "Environment";
  readonly metadata: ObjectMeta;
  /** The environment and its place in the scope tree. It has either an organization or a workspace. */
  readonly spec: EnvironmentSpec;
  /** What the operator reports. Only the operator writes it. */
  readonly status?: CommonStatus;
}

/**
 * Says that a subject is a member of an organization. In a domain with `membership: Required`, no role in the
 * organization counts without it. Creating it gives the domain's default roles; deleting it ends all grants
 * in the organization at once and then takes the subject out of every binding there.
 */
export interface Membership {
  readonly apiVersion: typeof apiVersion;
  readonly kind: "Membership";
  readonly metadata: ObjectMeta;
  /** Who is a member of what. */
  readonly spec: MembershipSpec;
  /** What the operator reports. Only the operator writes it. */
  readonly status?: MembershipStatus;
}

/**
 * A group declared by its members, to be bound like a subject. It may hold other groups; a cycle does no
 * harm. A group that callers assert with each request is not declared: bind it as a subject of kind Group.
 */
export interface AccessGroup {
  readonly apiVersion: typeof apiVersion;
  readonly kind: "AccessGroup";
  readonly metadata: ObjectMeta;
  /** The members of the group. */
  readonly spec: AccessGroupSpec;
  /** What the operator reports. Only the operator writes it. */
  readonly status?: CommonStatus;
}

/**
 * A role: rules that allow or deny permissions, other roles that it includes, and the roles that its holder
 * may give and take. It has no effect until an AccessRoleBinding gives it to someone. A deleted role goes on
 * while a binding names it or a role that includes it.
 */
export interface AccessRole {
  readonly apiVersion: typeof apiVersion;
  readonly kind: "AccessRole";
  readonly metadata: ObjectMeta;
  /** What the role allows and where it may be bound. */
  readonly spec: AccessRoleSpec;
  /** What the operator reports. Only the operator writes it. */
  readonly status?: CommonStatus;
}

/**
 * Gives a role to subjects at a scope. The role applies there and everywhere below. What the binding refers
 * to may be created later: until then it has no effect, and its condition Accepted says what is missing.
 */
export interface AccessRoleBinding {
  readonly apiVersion: typeof apiVersion;
  readonly kind: "AccessRoleBinding";
  readonly metadata: ObjectMeta;
  /** Who is given which role, where and when. */
  readonly spec: AccessRoleBindingSpec;
  /** What the operator reports. Only the operator writes it. */
  readonly status?: AccessRoleBindingStatus;
}

/**
 * Something that must hold of all bindings, whoever writes them: duties are separated, roles exclude one
 * another, or a scope never loses its last owner. A new constraint is accepted even if existing bindings
 * break it; it voids the grants in conflict and reports them.
 */
export interface AccessConstraint {
  readonly apiVersion: typeof apiVersion;
  readonly kind: "AccessConstraint";
  readonly metadata: ObjectMeta;
  /** The constraint, exactly one of its three forms. */
  readonly spec: AccessConstraintSpec;
  /** What the operator reports. Only the operator writes it. */
  readonly status?: AccessConstraintStatus;
}

/**
 * Which signed tokens requests may carry, and how a claim in them narrows what their bearer may do. A token
 * never widens: it takes away from what bindings allow the subject that it names. A valid token also puts the
 * request into the Group token:NAME, which can be bound.
 */
export interface TokenPolicy {
  readonly apiVersion: typeof apiVersion;
  readonly kind: "TokenPolicy";
  readonly metadata: ObjectMeta;
  /** The tokens and the claims to read. */
  readonly spec: TokenPolicySpec;
  /** What the operator reports. Only the operator writes it. */
  readonly status?: TokenPolicyStatus;
}
