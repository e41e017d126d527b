import { expandGroups } from "../decide/expand-groups.ts";
import { KeySet } from "../decide/key-set.ts";
import type { SubjectReference } from "../model/objects.generated.ts";
import { SubjectDigit } from "../model/subject.ts";
import type { LoadedSubjects } from "../policy/loaded-buckets.ts";
import type { Policy } from "../policy/policy.ts";

/** Someone whom a role is given to or taken from: a subject or group of whatever kind. */
export type Target = SubjectReference;

/** A declared group as the subjects of a policy know it: one without members is not known. */
interface KnownGroup {
  /** Empty: none. */
  readonly organization: string;
  /** "<kind digit><name>". */
  readonly members: readonly string[];
}

const GROUP = SubjectDigit.AccessGroup;

/**
 * All for whom a conflict may arise when the target is given a role, as keys: itself, or for an AccessGroup each member at
 * whatever depth. An asserted Group stands for someone who has nothing else.
 */
export function receiversOf(policy: Policy, target: Target): string[] {
  if (target.kind !== "AccessGroup") return [SubjectDigit[target.kind] + target.name];
  return membersAtAnyDepth(policy, target.name);
}

/** The organization that a target belongs to and may only be bound in; empty: none. */
export function organizationOfTarget(policy: Policy, target: Target): string {
  return target.kind === "AccessGroup" ? (knownGroup(policy, target.name)?.organization ?? "") : "";
}

/** What a subject that asserts nothing acts under. @param key of the subject @param now milliseconds since 1970 */
export function keysOf(policy: Policy, key: string, now: number): KeySet {
  const keys = new KeySet();
  keys.start(key.charCodeAt(0), key.slice(1));
  expandGroups(policy, keys, now);
  return keys;
}

function membersAtAnyDepth(policy: Policy, group: string): string[] {
  const reached = new Set([GROUP + group]);
  for (const key of reached) {
    if (!key.startsWith(GROUP)) continue;
    for (const member of knownGroup(policy, key.slice(1))?.members ?? []) reached.add(member);
  }
  return [...reached].filter((key) => !key.startsWith(GROUP));
}

function knownGroup(policy: Policy, name: string): KnownGroup | undefined {
  const parts = policy.subjects.flatMap((bucket) => (bucket && groupsOf(bucket).get(name)) ?? []);
  const [first] = parts;
  return first && { organization: first.organization, members: parts.flatMap(({ members }) => members) };
}

// Shards know the groups of members. What they say the other way round is found once for each shard.
const groupsOfBucket = new WeakMap<LoadedSubjects, ReadonlyMap<string, KnownGroup>>();

function groupsOf(bucket: LoadedSubjects): ReadonlyMap<string, KnownGroup> {
  const known = groupsOfBucket.get(bucket);
  if (known !== undefined) return known;
  const members: string[][] = bucket.groupOrganization.map(() => []);
  for (let member = 0; member < bucket.members.size; member++) {
    for (let at = bucket.firstGroup(member); at < bucket.memberGroupEnds[member]!; at++)
      members[bucket.memberGroup[at]!]!.push(bucket.members.text(member));
  }
  const groups = new Map(
    members.map((ofGroup, row) => {
      const organization = bucket.groupOrganization[row]!;
      return [bucket.groupNames.text(row), { organization, members: ofGroup }];
    }),
  );
  groupsOfBucket.set(bucket, groups);
  return groups;
}
