import { bucketOf } from "../model/hash.ts";
import type { LoadedSubjects } from "../policy/loaded-buckets.ts";
import type { Policy } from "../policy/policy.ts";
import type { KeySet } from "./key-set.ts";

const ACCESS_GROUP = "4".charCodeAt(0);

/** Key 0 of a key set is the subject itself. */
export const SUBJECT = 0;

/**
 * Adds the declared groups that the keys are in, through however many levels. A group with an organization counts, on the
 * way to other groups too, only if the subject is a member there; Deny rules come through it all the same.
 *
 * @param now milliseconds since 1970
 */
export function expandGroups(policy: Policy, keys: KeySet, now: number): void {
  const seen = new Seen(keys);
  const queue: number[] = [];
  for (let key = 0; key < keys.count; key++) queue.push(key);
  for (let next = 0; next < queue.length; next++) {
    const key = queue[next]!;
    const subjects = policy.subjects[bucketOf(keys.hashes[key]!)];
    const member = subjects?.members.find(keys.bytes, keys.starts[key]!, keys.ends[key]!, keys.hashes[key]!) ?? -1;
    if (subjects !== undefined && member >= 0) visitGroups(policy, keys, now, key, subjects, member, seen, queue);
  }
}

function visitGroups(
  policy: Policy,
  keys: KeySet,
  now: number,
  key: number,
  subjects: LoadedSubjects,
  member: number,
  seen: Seen,
  queue: number[],
): void {
  const { groupNames, groupOrganization, memberGroup, memberGroupEnds } = subjects;
  for (let at = subjects.firstGroup(member); at < memberGroupEnds[member]!; at++) {
    const group = memberGroup[at]!;
    const owner = groupOrganization[group]!;
    const counts = keys.counts[key]! && (owner === "" || isMember(policy, keys, owner, now));
    keys.addBytes(ACCESS_GROUP, groupNames.pool, groupNames.start(group), groupNames.end(group), counts, owner);
    const known = seen.add(keys.count - 1);
    if (known === undefined) {
      queue.push(keys.count - 1);
      continue;
    }
    keys.pop();
    if (counts && !keys.counts[known]) {
      keys.counts[known] = true;
      queue.push(known);
    }
  }
}

/** Whether the subject is a member of an organization. */
export function isMember(policy: Policy, keys: KeySet, organization: string, now: number): boolean {
  const grants = policy.organizations.get(organization);
  if (grants === undefined) return false;
  const row = grants.subjects.find(keys.bytes, keys.starts[SUBJECT]!, keys.ends[SUBJECT]!, keys.hashes[SUBJECT]!);
  return grants.isMember(row, now);
}

/** The declared groups in a key set, by hash; made only once there is one. */
class Seen {
  readonly #keys: KeySet;
  #byHash: Map<number, number[]> | undefined;

  constructor(keys: KeySet) {
    this.#keys = keys;
  }

  /** Remembers a key. @returns the key that is the same, if it has been there before */
  add(key: number): number | undefined {
    this.#byHash ??= new Map();
    const hash = this.#keys.hashes[key]!;
    const alike = this.#byHash.get(hash);
    if (alike === undefined) this.#byHash.set(hash, [key]);
    else {
      const known = alike.find((other) => this.#keys.equal(other, key));
      if (known !== undefined) return known;
      alike.push(key);
    }
    return undefined;
  }
}
