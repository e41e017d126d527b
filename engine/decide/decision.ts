import type { Level } from "../model/scope.ts";

/** Why a decision fell as it did, in the order of semantics, section 5. */
export const outcomes = [
  "InvalidRequest",
  "Stale",
  "InvalidToken",
  "UnknownScope",
  "UnknownPermission",
  "WrongLevel",
  "Suspended",
  "SeparationOfDuty",
  "TokenDenied",
  "ExplicitDeny",
  "Allowed",
  "NoGrant",
] as const;
export type Outcome = (typeof outcomes)[number];

/** What the subject may learn: None with an allow or an error. */
export type Disclosure = "None" | "Forbidden" | "NotFound";

export interface Decision {
  readonly outcome: Outcome;
  readonly disclosure: Disclosure;
  /** With WrongLevel: the level of the permission's type; else 0. */
  readonly level: Level | 0;
  /** With InvalidRequest: the field that is wrong, as in CheckRequest, and what is wrong; else empty. */
  readonly field: string;
  readonly detail: string;
}

const denials = new Map<string, Decision>();

export const ALLOWED: Decision = decision("Allowed", "None", 0);

/** A denial. There is one object for each combination, so callers may keep what they derive from it by identity. */
export function denial(
  outcome: Outcome,
  disclosure: "Forbidden" | "NotFound",
  level: Level | 0 = 0,
): Decision {
  const key = `${outcome}/${disclosure}/${level}`;
  let known = denials.get(key);
  if (known === undefined) denials.set(key, (known = decision(outcome, disclosure, level)));
  return known;
}

export function invalidRequest(field: string, detail: string): Decision {
  return { outcome: "InvalidRequest", disclosure: "None", level: 0, field, detail };
}

function decision(outcome: Outcome, disclosure: Disclosure, level: Level | 0): Decision {
  return Object.freeze({ outcome, disclosure, level, field: "", detail: "" });
}
