import { KeySet } from "../decide/key-set.ts";
import { SubjectDigit } from "../model/subject.ts";
import type { Policy } from "../policy/policy.ts";
import { subjectAsker } from "./subject-asker.ts";

/** Subjects that are looked at without a pause. */
const BREATH = 256;

/**
 * The subjects that do not act under the same keys in two policies, by each key that differs: other groups, ones that count
 * in one policy only, since a group with an organization asks for membership there, or ones of another organization.
 * Pauses now and then.
 *
 * @param subjects keys of those who may be concerned
 * @param now milliseconds since 1970
 */
export function* regroupedSubjects(
  before: Policy,
  after: Policy,
  subjects: Iterable<string>,
  now: number,
): Generator<undefined, Map<string, Set<string>>> {
  let looked = 0;
  const byKey = new Map<string, Set<string>>();
  const keys = new KeySet();
  for (const subject of subjects) {
    if (subject.startsWith(SubjectDigit.AccessGroup)) continue;
    if (looked++ % BREATH === 0) yield undefined;
    const [old, made] = [keysIn(before, keys, subject, now), keysIn(after, keys, subject, now)];
    for (const key of new Set([...old.keys(), ...made.keys()])) {
      if (old.get(key) === made.get(key)) continue;
      const others = byKey.get(key);
      if (others === undefined) byKey.set(key, new Set([subject]));
      else others.add(subject);
    }
  }
  return byKey;
}

/** The keys of a subject, and of each how it counts. */
function keysIn(policy: Policy, keys: KeySet, subject: string, now: number): Map<string, string> {
  subjectAsker(policy, subject).fill(keys, now);
  return new Map(
    Array.from({ length: keys.count }, (_, key) => [
      keys.text(key),
      `${keys.counts[key]} ${keys.owners[key]}`,
    ]),
  );
}
