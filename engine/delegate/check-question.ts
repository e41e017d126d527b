import { checkLength, type DecisionRequest, findMalformed, type Malformed } from "../decide/request.ts";
import { limits } from "../model/limits.ts";
import { quote } from "../model/quote.ts";
import { isServiceAccountName, SubjectDigit } from "../model/subject.ts";
import type { GrantQuestion } from "./grant-question.ts";

/** What makes a question about giving or taking malformed, or undefined. */
export function findMalformedGrant({ actor, verb, role, target }: GrantQuestion): Malformed | undefined {
  return (
    findMalformedActor(actor) ?? checkVerb(verb) ?? checkRole(role) ?? checkTarget(target.kind, target.name)
  );
}

/** What makes an actor malformed, or undefined: it is a check without permission. Fields are called as in CheckRequest. */
export function findMalformedActor(actor: DecisionRequest): Malformed | undefined {
  return findMalformed({ ...actor, permission: ANY_PERMISSION });
}

// No permission is asked, and this one is well-formed.
const ANY_PERMISSION = "membership:create";

function checkVerb(verb: string): Malformed | undefined {
  if (verb === "Give" || verb === "Take") return undefined;
  return { field: "verb", detail: `verb is ${quote(verb)}; it must be Give or Take` };
}

function checkRole(role: string): Malformed | undefined {
  if (role === "") return { field: "role", detail: "role is empty; name the AccessRole" };
  return checkLength("role", role, limits.subjectName);
}

function checkTarget(kind: string, name: string): Malformed | undefined {
  if (!Object.hasOwn(SubjectDigit, kind)) {
    const kinds = Object.keys(SubjectDigit).join(", ");
    return { field: "target_kind", detail: `target_kind is ${quote(kind)}; it must be one of ${kinds}` };
  }
  if (name === "") return { field: "target_name", detail: "target_name is empty; name who is meant" };
  if (kind === "ServiceAccount" && !isServiceAccountName(name)) {
    const detail = `target_name is ${quote(name)}; a service account is written namespace/name`;
    return { field: "target_name", detail };
  }
  return checkLength("target_name", name, limits.subjectName);
}
