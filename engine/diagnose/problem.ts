/** Why an object, or a part of it, does not work. */
export interface Problem {
  /** One of the documented reasons of the Accepted condition, in CamelCase. */
  readonly reason: ProblemReason;
  /** The field, for example "spec.subjects[1]". */
  readonly path: string;
  /** A sentence without full stop: what is wrong, and what to do unless that is plain. */
  readonly message: string;
}

/** The reasons of Accepted=False. docs/reference/conditions.md lists them. */
export type ProblemReason =
  | "ReferenceNotFound"
  | "NotAssignable"
  | "OtherOrganization"
  | "IncludeCycle"
  | "ForbiddenInclude"
  | "UnknownPermission"
  | "Contradiction"
  | "ImplicationCycle"
  | "BuiltIn"
  | "InvalidName"
  | "DuplicateMembership"
  | "NotDefault"
  | "AmbiguousDefault"
  | "DefaultRoleDenies";

export function missing(path: string, kind: string, name: string): Problem {
  return { reason: "ReferenceNotFound", path, message: `${kind} "${name}" does not exist` };
}
