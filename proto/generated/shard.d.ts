// Generated from sidegate/v1/shard.proto by proto/generate.ts.

import type { MessageType } from "../message-type.ts";

/**
 * The compiled form of a policy (docs/explanation/compiled-policy.md). Columns are little-endian unsigned
 * 32-bit integers, one per row, unless said otherwise; an empty column means that every row has 0 (but for the ends
 * of Strings, grant_binding and member_group, which are always there).
 */
export interface Shard {
  /** The version of this format: 2. A reader refuses what it does not know. */
  format: number;
  model: ModelShard | null;
  grants: GrantShard | null;
  directory: DirectoryShard | null;
  subjects: SubjectShard | null;
  /** Which of these is set. */
  readonly body?: "model" | "grants" | "directory" | "subjects";
}
export const Shard: MessageType<Shard>;

/** Strings in ascending order of UTF-16 code units. String i ends at ends[i] in the pool, in UTF-8. */
export interface Strings {
  pool: Uint8Array;
  ends: Uint8Array;
}
export const Strings: MessageType<Strings>;

/** Catalog, roles and settings of the domain. */
export interface ModelShard {
  membershipOptional: boolean;
  stalenessMaxSeconds: number;
  /** Whether a stale policy ends in an error instead of a denial. */
  staleIsError: boolean;
  /** Ordered by name. Types that contradict themselves or each other are left out. */
  types: CompiledType[];
  /** Ordered by name. */
  roles: CompiledRole[];
  /** Ordered by name. */
  constraints: CompiledConstraint[];
  /** Ordered by name. */
  tokenPolicies: CompiledTokenPolicy[];
  /** What is given on joining, for explanations: of each place the entry that counts, if its role exists. */
  defaults: CompiledDefault[];
}
export const ModelShard: MessageType<ModelShard>;

export interface CompiledDefault {
  /** Index of the role. */
  role: number;
  /** The type of the environments at which it is given; empty: it is given at the organization. */
  type: string;
}
export const CompiledDefault: MessageType<CompiledDefault>;

export interface CompiledType {
  name: string;
  /** 1 Platform, 2 Organization, 3 Workspace, 4 Environment. */
  level: number;
  /** Ordered by name. */
  verbs: CompiledVerb[];
}
export const CompiledType: MessageType<CompiledType>;

export interface CompiledVerb {
  name: string;
  /** Indexes of the verbs of this type that it implies, transitively, without itself. */
  implies: number[];
}
export const CompiledVerb: MessageType<CompiledVerb>;

export interface CompiledRole {
  name: string;
  /** The organization that owns the role; empty: none. */
  organization: string;
  /** Bit n is set if the role may be assigned at level n. */
  assignable: number;
  /** The role's own rules. */
  rules: CompiledRule[];
  /** Indexes of the roles that it includes itself, of those that exist. */
  includes: number[];
  /** Who holds the role may give or take these. */
  delegations: CompiledDelegation[];
  generation: number;
  /** As in GrantShard. */
  provenance: string;
}
export const CompiledRole: MessageType<CompiledRole>;

export interface CompiledDelegation {
  /** Indexes of the roles that may be given or taken, of those that exist, ascending. */
  roles: number[];
  /** Bit n is set if it holds for scopes of level n. */
  levels: number;
  give: boolean;
  take: boolean;
}
export const CompiledDelegation: MessageType<CompiledDelegation>;

export interface CompiledConstraint {
  name: string;
  /** 1 static separation of duty, 2 dynamic separation of duty, 3 exclusive, 4 minimum of holders. */
  kind: number;
  /** Indexes of the roles, of those that exist, each once, in their order. */
  roles: number[];
  /** Separation of duty: how many of the roles one may carry. */
  atMost: number;
  /** Whether an organization as a whole is the unit, and not a scope with its chain. */
  perOrganization: boolean;
  /** Minimum of holders: how many, and at scopes of which level. */
  count: number;
  level: number;
}
export const CompiledConstraint: MessageType<CompiledConstraint>;

export interface CompiledTokenPolicy {
  name: string;
  issuer: string;
  audiences: string[];
  /** A JSON Web Key Set; empty: no keys are known, so no token is valid. */
  jwks: string;
  subjectClaim: string;
  /** The claim that narrows; empty: none does. */
  claim: string;
  /** From the least to the most specific. */
  selectors: CompiledSelector[];
  absentAllows: boolean;
  unmatchedAllows: boolean;
}
export const CompiledTokenPolicy: MessageType<CompiledTokenPolicy>;

export interface CompiledSelector {
  pattern: string;
  attribute: string;
}
export const CompiledSelector: MessageType<CompiledSelector>;

export interface CompiledRule {
  deny: boolean;
  resources: string[];
  verbs: string[];
  names: string[];
  when: string;
}
export const CompiledRule: MessageType<CompiledRule>;

/** The scopes, members and grants of one organization, or the grants at Platform. */
export interface GrantShard {
  /** Empty: Platform. */
  organization: string;
  suspended: boolean;
  /**
   * Scopes, keys of "<level digit><name>" with 1 Platform, 2 Organization, 3 Workspace, 4 Environment. Row 0 is
   * the organization (or Platform) itself.
   */
  scopeKeys: Strings | null;
  /** Row of the parent; row 0 has itself. */
  scopeParent: Uint8Array;
  /** Bindings, by name. */
  bindingNames: Strings | null;
  roleNames: Strings | null;
  bindingRole: Uint8Array;
  bindingScope: Uint8Array;
  /** Index into windows. */
  bindingWindow: Uint8Array;
  /** 0, or 1 plus the index into conditions. */
  bindingWhen: Uint8Array;
  /** Bytes: 1 if the binding is a default given on joining. */
  bindingFlags: Uint8Array;
  /** Pairs of little-endian 64-bit floats, milliseconds since 1970: not before, expires. Row 0 is always. */
  windows: Uint8Array;
  conditions: Strings | null;
  /** Subjects named by bindings or memberships, keys of "<kind digit><name>". */
  subjectKeys: Strings | null;
  /** The grants of subject i end at subject_grant_ends[i]; ordered by scope, then binding. */
  subjectGrantEnds: Uint8Array;
  grantBinding: Uint8Array;
  /** By subject: 0, or 1 plus the index into windows of its membership, of which only the end counts. */
  subjectMember: Uint8Array;
  /** By scope: 0, or 1 plus the index into types, of environments. */
  scopeType: Uint8Array;
  types: Strings | null;
  /** By scope, and by subject for its membership: 0, or 1 plus the index into attribute_sets. */
  scopeAttributes: Uint8Array;
  memberAttributes: Uint8Array;
  attributeSets: Attributes[];
  /** By binding: metadata.generation, and 0 or 1 plus the index into provenances. */
  bindingGeneration: Uint8Array;
  bindingProvenance: Uint8Array;
  /** What tells of an object's place in Git, "key=value" of annotations and labels joined by ", ". */
  provenances: Strings | null;
}
export const GrantShard: MessageType<GrantShard>;

/** Stored attributes, ordered by key. */
export interface Attributes {
  keys: string[];
  values: string[];
}
export const Attributes: MessageType<Attributes>;

/** Where scopes below organizations lie. */
export interface DirectoryShard {
  /** Keys of "<level digit><name>". */
  scopeKeys: Strings | null;
  organizations: Strings | null;
  scopeOrganization: Uint8Array;
}
export const DirectoryShard: MessageType<DirectoryShard>;

/** Which declared groups a subject or group is directly in. */
export interface SubjectShard {
  /** Keys of "<kind digit><name>". */
  memberKeys: Strings | null;
  memberGroupEnds: Uint8Array;
  memberGroup: Uint8Array;
  groupNames: Strings | null;
  organizations: Strings | null;
  /** 0, or 1 plus the index into organizations. */
  groupOrganization: Uint8Array;
}
export const SubjectShard: MessageType<SubjectShard>;
