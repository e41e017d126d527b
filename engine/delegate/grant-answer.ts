/** Why a role may not be given or taken, in the order in which it is found. docs/reference/delegation.md explains each. */
export const grantReasons = {
  Stale: "The policy is older than its staleness bound, and the domain answers by denying.",
  InvalidToken: "The actor's token is not valid, or stands for someone else than the actor that is named.",
  UnknownScope: "The scope does not exist.",
  UnknownRole: "The role does not exist.",
  TokenDenied:
    "The actor's token narrows what its bearer may do to permissions, and giving and taking roles is none of them.",
  NoGrant:
    "No effective grant of the actor at the scope or above it has a `grants` entry with the role, the scope's level and the verb.",
  NotAssignable: "The role may not be assigned at the scope's level.",
  OtherOrganization: "The role belongs to an organization, and the scope is not in it.",
  NoMembership: "Give: the target is no member of the scope's organization, and the domain requires it.",
  Conflict:
    "Give: with the grant a static separation of duty or an exclusive set would be broken for the target, or for a member of the group, at the scope or below it.",
  LastHolder: "Take: fewer holders than an AccessConstraint with `minHolders` asks for would be left.",
} as const;

export type GrantReason = keyof typeof grantReasons;

/** The answer to whether a role may be given or taken. */
export type GrantAnswer = GrantAllowed | GrantRefused;

export interface GrantAllowed {
  readonly allowed: true;
}

export interface GrantRefused {
  readonly allowed: false;
  readonly reason: GrantReason;
  /** A sentence without full stop, for operators: never show it to the actor. */
  readonly message: string;
}

export const GRANT_ALLOWED: GrantAllowed = { allowed: true };

export function refuse(reason: GrantReason, message: string): GrantRefused {
  return { allowed: false, reason, message };
}
