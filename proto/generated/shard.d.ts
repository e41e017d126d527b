// Generated from sidegate/v1/shard.proto by proto/generate.ts.

import type { MessageType } from "../message-type.ts";

/**
 * The compiled form of a policy (docs/explanation/compiled-policy.md). Columns are little-endian unsigned
 * 32-bit integers, one per row, unless said otherwise; an empty column means that every row has 0 (but for the ends
 * of Strings, grant_binding and member_group, which are always there).
 */
export interface Shard {
  /** The version of this format: 1. A reader refuses what it does not know. */
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
}
export const ModelShard: MessageType<ModelShard>;

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
}
export const CompiledRole: MessageType<CompiledRole>;

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
}
export const GrantShard: MessageType<GrantShard>;

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
