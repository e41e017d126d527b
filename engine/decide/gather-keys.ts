import { SubjectDigit } from "../model/subject.ts";
import type { Policy } from "../policy/policy.ts";
import { expandGroups } from "./expand-groups.ts";
import type { KeySet } from "./key-set.ts";
import type { DecisionRequest } from "./request.ts";

/** Fills a set with the keys that the request's subject acts under. @param now milliseconds since 1970 */
export function gatherKeys(keys: KeySet, policy: Policy, request: DecisionRequest, now: number): void {
  const kind = request.subjectKind === "ServiceAccount" ? "ServiceAccount" : "User";
  keys.start(SubjectDigit[kind].charCodeAt(0), request.subjectName);
  const group = SubjectDigit.Group.charCodeAt(0);
  for (const name of request.groups) keys.addText(group, name);
  expandGroups(policy, keys, now);
}
