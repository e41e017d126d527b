import { SubjectDigit } from "../model/subject.ts";
import type { Policy } from "../policy/policy.ts";
import { expandGroups } from "./expand-groups.ts";
import type { KeySet } from "./key-set.ts";
import type { DecisionRequest } from "./request.ts";

const GROUP = SubjectDigit.Group.charCodeAt(0);

/** Fills a set with the keys that the request's subject acts under. @param now milliseconds since 1970 */
export function gatherKeys(keys: KeySet, policy: Policy, request: DecisionRequest, now: number): void {
  const { token } = request;
  if (token?.valid) keys.start(SubjectDigit.User.charCodeAt(0), token.subject);
  else {
    const kind = request.subjectKind === "ServiceAccount" ? "ServiceAccount" : "User";
    keys.start(SubjectDigit[kind].charCodeAt(0), request.subjectName);
  }
  for (const name of request.groups) keys.addText(GROUP, name, true);
  if (token?.valid) keys.addText(GROUP, `token:${token.policy}`, true);
  expandGroups(policy, keys, now);
}
