import { bucketOf } from "../model/hash.ts";
import { SubjectDigit } from "../model/subject.ts";
import type { Policy } from "../policy/policy.ts";
import type { KeySet } from "./key-set.ts";

const ACCESS_GROUP = SubjectDigit.AccessGroup.charCodeAt(0);

/**
 * Adds the declared groups that the keys are in, through however many levels. A group with an organization counts, on the
 * way to other groups too, only if the subject is a member there; Deny rules come through it all the same.
 *
 * @param now milliseconds since 1970
 * @param isMemberEverywhere whether the subject is assumed to be a member of every organization
 */
export function expandGroups(policy: Policy, keys: KeySet, now: number, isMemberEverywhere = false): void {
  const expansion = new Expansion(policy, keys, now, isMemberEverywhere);
  expansion.run();
}

/** Whether the subject is a member of an organization. @param now milliseconds since 1970 */
export function isMember(policy: Policy, keys: KeySet, organization: string, now: number): boolean {
  if (keys.assumedMemberOf === organization) return policy.organizations.has(organization);
  const until = keys.memberUntil(policy, organization);
  return until !== undefined && now < until;
}

/**
 * A walk over the groups. Each is added once. One that was reached first by a way that does not count, or from an asserted
 * group, and then by a better way is visited again, so that the same holds for what it leads to.
 */
class Expansion {
  readonly #policy: Policy;
  readonly #keys: KeySet;
  readonly #now: number;
  readonly #isMemberEverywhere: boolean;
  /** The key that is visited next; those before it have been. */
  #next = 0;
  #byHash: Map<number, number[]> | undefined;
  #again: number[] | undefined;

  constructor(policy: Policy, keys: KeySet, now: number, isMemberEverywhere: boolean) {
    this.#policy = policy;
    this.#keys = keys;
    this.#now = now;
    this.#isMemberEverywhere = isMemberEverywhere;
  }

  run(): void {
    const keys = this.#keys;
    while (this.#next < keys.count) this.#visit(this.#next++);
    for (let key = this.#again?.pop(); key !== undefined; key = this.#again?.pop()) this.#visit(key);
  }

  #visit(key: number): void {
    const keys = this.#keys;
    const hash = keys.hashes[key]!;
    const subjects = this.#policy.subjects[bucketOf(hash)];
    if (subjects === undefined) return;
    const member = subjects.members.find(keys.bytes, keys.starts[key]!, keys.ends[key]!, hash);
    if (member < 0) return;
    const { groupNames: names, groupOrganization, memberGroup, memberGroupEnds } = subjects;
    for (let at = subjects.firstGroup(member); at < memberGroupEnds[member]!; at++) {
      const group = memberGroup[at]!;
      const owner = groupOrganization[group]!;
      // Asked even if the way here does not count: at another instant it may, and then nothing new must be needed.
      const isOwn = owner === "" || this.#isMember(owner);
      const counts = isOwn && keys.counts[key]!;
      const asserted = keys.asserted[key]!;
      keys.addBytes(ACCESS_GROUP, names.pool, names.start(group), names.end(group), counts, owner, asserted);
      this.#merge(counts, asserted);
    }
  }

  #isMember(organization: string): boolean {
    if (this.#isMemberEverywhere) return this.#policy.organizations.has(organization);
    return isMember(this.#policy, this.#keys, organization, this.#now);
  }

  /** Drops the last key if the group was there before, and lets that be the better of both. */
  #merge(counts: boolean, asserted: boolean): void {
    const keys = this.#keys;
    const added = keys.count - 1;
    this.#byHash ??= new Map();
    const alike = this.#byHash.get(keys.hashes[added]!);
    const known = alike?.find((key) => keys.equal(key, added));
    if (known === undefined) {
      if (alike === undefined) this.#byHash.set(keys.hashes[added]!, [added]);
      else alike.push(added);
      return;
    }
    keys.pop();
    const isBetter = (counts && !keys.counts[known]) || (!asserted && keys.asserted[known]);
    if (!isBetter) return;
    if (counts) keys.counts[known] = true;
    if (!asserted) keys.asserted[known] = false;
    if (known < this.#next) (this.#again ??= []).push(known);
  }
}
