import { SubjectDigit } from "../model/subject.ts";
import type { LoadedSubjects } from "../policy/loaded-buckets.ts";
import type { Policy } from "../policy/policy.ts";
import { firstFrom } from "./first-from.ts";

/** Groups that are looked at without a pause. */
const BREATH = 256;

/**
 * Adds to declared groups all that are in them, through however many levels, so that whoever is in one of the result is in
 * one of those. Yields now and then.
 *
 * @param groups names
 */
export function* addGroupsBelow(policy: Policy, groups: Set<string>): Generator<undefined> {
  if (groups.size === 0) return;
  const inside = new Map<string, string[]>();
  for (const bucket of policy.subjects) if (bucket !== undefined) yield* addNested(bucket, inside);
  let seen = 0;
  for (const group of groups) {
    for (const below of inside.get(group) ?? []) groups.add(below);
    if (++seen % BREATH === 0) yield undefined;
  }
}

/** Adds the groups of a bucket that are members, by the group that they are in. */
function* addNested(bucket: LoadedSubjects, inside: Map<string, string[]>): Generator<undefined> {
  const { members, memberGroup, memberGroupEnds, groupNames } = bucket;
  // Groups come last: no key of another kind has their digit.
  for (let row = firstFrom(members, SubjectDigit.AccessGroup); row < members.size; row++) {
    const name = members.text(row).slice(1);
    for (let at = bucket.firstGroup(row); at < memberGroupEnds[row]!; at++) {
      const group = groupNames.text(memberGroup[at]!);
      const others = inside.get(group);
      if (others === undefined) inside.set(group, [name]);
      else others.push(name);
    }
    if (row % BREATH === 0) yield undefined;
  }
}
