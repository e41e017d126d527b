/** Why an object, or a part of it, does not work. */
export interface Problem {
  /** One of the documented reasons of the Accepted condition, in CamelCase. */
  readonly reason: ProblemReason;
  /** The field, for example "spec.subjects[1]". */
  readonly path: string;
  /** A sentence without full stop: what is wrong, and what to do unless that is plain. */
  readonly message: string;
}

/** The reasons of Accepted=False, and what they mean. docs/reference/conditions.md is generated from them. */
export const problemReasons = {
  ReferenceNotFound:
    "It names an object that does not exist, or that is being deleted. It works by itself once that appears.",
  NotAssignable: "The role may not be assigned at the level of the scope.",
  OtherOrganization: "The role or group belongs to another organization than the scope.",
  IncludeCycle:
    "The includes of the role lead to a circle, so the role allows nothing; its Deny rules count.",
  ForbiddenInclude:
    "The role includes a role of an organization that it does not belong to; only Deny rules come through.",
  UnknownPermission:
    "A rule or an implication names a type or verb that no catalog declares; it has no effect.",
  InvalidCondition:
    "A condition is no CEL that can be evaluated, or costs too much; an Allow with it never matches, a Deny always does.",
  Contradiction:
    "Two catalogs declare the type with other levels, verbs or implications; the type is unknown.",
  ImplicationCycle: "Verbs of the type imply one another in a circle; the type is unknown.",
  BuiltIn: "The catalog declares the built-in type `membership`; the declaration counts for nothing.",
  InvalidName: "The name of a type or verb has a colon; the type is unknown.",
  DuplicateMembership:
    "Another Membership of the same subject and organization, first by name, counts instead.",
  NotDefault: "Only the AccessDomain named `default` counts.",
  AmbiguousDefault: "An earlier default role is for the same; the later one is not given.",
  DefaultRoleDenies: "The default role has Deny rules; they do not count where it is given as a default.",
  InvalidKeys:
    "A key, or all keys, of the token policy can not be used: no token that is signed with it is valid.",
  AmbiguousIssuer:
    "Another TokenPolicy is for the same issuer and an audience in common; tokens with that audience are invalid.",
  InvalidSelector:
    "No selector of a token can belong to the pattern, so what it was meant for makes tokens invalid or is another pattern's.",
} as const;

export type ProblemReason = keyof typeof problemReasons;

/** The reason of Accepted=False that only the operator gives, since only it waits for what deletion waits for. */
export const deletionReasons = {
  Deleting:
    "The object is marked for deletion and counts no more, except a role that is still in use. The message says what keeps its name.",
} as const;

/** The reasons of the condition Satisfied, and what they mean. docs/reference/conditions.md is generated from them. */
export const satisfiedReasons = {
  Satisfied: "Nothing breaks the constraint.",
  EnforcedPerRequest:
    "A dynamic separation of duty is judged with each request, by the roles that it has active; nothing is void.",
  GrantsVoid: "Some grants break the constraint and are void; status.voided names them and the other party.",
  TooFewHolders: "Some scopes have fewer holders of the role than the constraint asks for.",
} as const;

/** The reasons of the condition Effective, and what they mean. docs/reference/conditions.md is generated from them. */
export const effectiveReasons = {
  Effective: "`True`: every live sidecar decides by the object as it is.",
  NoSidecars:
    "`True`: the domain has no live sidecar, and whichever comes gets a policy with the object as it is.",
  Revoked: "`True`: the object is marked for deletion, and no live sidecar honours it any more.",
  Propagating:
    "`False`: the change, or the deletion, is on its way. The message names whom it waits for, and until when at the latest.",
  NotAccepted:
    "`False`: the object is not accepted; what the condition Accepted names has no effect anywhere.",
} as const;

/** The reasons of the condition Held of an AccessDomain whose guard held something back once. */
export const heldReasons = {
  TooMuchRevoked:
    "`True`: changes within a minute take away more than `guard.maxRevokedPercent` of the domain's grants. Sidecars go on with the policy before them; the message says how to let them through.",
  Released: "`False`: nothing is held back.",
} as const;

/** The reasons of the condition KeysReady of a TokenPolicy whose keys the operator fetches. */
export const keysReadyReasons = {
  Fetched:
    "`True`: the keys that the issuer publishes are part of the policy. The message names the keys that were left out.",
  Unreachable:
    "`False`: the issuer can not be reached, or does not answer with 200, since when the message says. The keys that were fetched last stay in use.",
  Invalid:
    "`False`: what the issuer answers is no key set, and the keys that were fetched last stay in use; or it is one without a usable key, and no token is valid.",
} as const;

export function missing(path: string, kind: string, name: string): Problem {
  return { reason: "ReferenceNotFound", path, message: `${kind} "${name}" does not exist` };
}
