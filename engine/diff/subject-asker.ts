import { type Asker, askerInGroup, askerWithKey } from "../enumerate/asker.ts";
import { SubjectDigit } from "../model/subject.ts";
import type { Policy } from "../policy/policy.ts";

/**
 * Who is taken to ask for a subject of a diff: the User or ServiceAccount itself, or a member of every organization
 * that has nothing but what an asserted group brings.
 *
 * @param subject a key
 */
export function subjectAsker(policy: Policy, subject: string): Asker {
  const isGroup = subject.startsWith(SubjectDigit.Group);
  if (isGroup) return askerInGroup(policy, subject.slice(1), undefined, true);
  return askerWithKey(policy, subject, undefined);
}
