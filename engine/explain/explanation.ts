import type { Decision } from "../decide/decision.ts";
import type { ChangeKind } from "./change.ts";

/** An object that took part, and where it came from. */
export interface ObjectRef {
  readonly kind: string;
  readonly name: string;
  /** 0: not known, as with a folder. */
  readonly generation: number;
  /** What Argo CD and Flux tell of its place in Git; empty: nothing. */
  readonly provenance: string;
}

/** What becomes of a grant whose role has a rule for the permission. docs/reference/explanations.md lists them. */
export const effects = {
  Allows: "An Allow rule of the grant matches, and nothing takes it away.",
  Denies: "A Deny rule of the grant matches.",
  NotYet: "The window of the binding has not begun.",
  Over: "The window of the binding is over.",
  NoMembership:
    "The subject is no member of the organization, or not one of a group's on the way to the grant.",
  NotFitting: "The role, or the group, may not be bound at the scope of the binding.",
  Yields: "The grant is a default and yields to another binding.",
  Void: "A constraint voids the grant.",
  Condition: "The condition of the binding or of the rule is not met.",
  Names: "The rule is for other resources.",
  NotActive: "The request's active roles leave the role out.",
} as const;

export type Effect = keyof typeof effects;

export interface ExplainedGrant {
  readonly binding: ObjectRef;
  readonly role: ObjectRef;
  /** The role in which the rule stands: the same, or one that it includes. */
  readonly ruleRole: ObjectRef;
  /** The index of the rule there. */
  readonly rule: number;
  /** The scope that the binding names, as in requests. */
  readonly scope: string;
  /** The subject of the binding through which the request's subject has the grant, "Kind:name". */
  readonly subject: string;
  readonly effect: Effect;
  /** What a person needs to know of it; empty: nothing more. */
  readonly detail: string;
}

/** One change of a nearest miss. */
export interface ExplainedChange {
  readonly kind: ChangeKind;
  /** A sentence without full stop. */
  readonly message: string;
  /** The objects that would have to change. */
  readonly objects: readonly ObjectRef[];
  /** With Grant: the role and the scope to bind it at; else empty. */
  readonly role: string;
  readonly scope: string;
  /** With Grant: who could give it, as bindings name them, "Kind:name", at most 20. */
  readonly grantors: readonly string[];
  readonly moreGrantors: boolean;
}

/** Changes that together would allow what was denied; no smaller set would. */
export interface ExplainedMiss {
  readonly changes: readonly ExplainedChange[];
}

export interface Explanation {
  readonly decision: Decision;
  /** What the request's token does, or why it is not valid; empty: it has none. */
  readonly token: string;
  /** With SeparationOfDuty: the constraint and the roles that are active; else empty. */
  readonly conflict: string;
  /** The grants whose roles have a rule for the permission, those that decided first. */
  readonly grants: readonly ExplainedGrant[];
  /** With a denial that grants could turn: the smallest changes that would. */
  readonly nearestMisses: readonly ExplainedMiss[];
}
