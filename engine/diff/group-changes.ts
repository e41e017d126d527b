import { BUCKETS } from "../model/hash.ts";
import { SubjectDigit } from "../model/subject.ts";
import type { LoadedSubjects } from "../policy/loaded-buckets.ts";
import type { Policy } from "../policy/policy.ts";

/** Who is in which declared group, in either of two policies. */
export class GroupMembers {
  readonly #before: Policy;
  readonly #after: Policy;
  // The members of each group by the group's key, put together when first asked.
  #members: Map<string, string[]> | undefined;

  constructor(before: Policy, after: Policy) {
    this.#before = before;
    this.#after = after;
  }

  /** These keys, and all that are in one of them, through however many groups. */
  below(keys: Iterable<string>): Set<string> {
    const found = new Set(keys);
    for (const key of found) {
      if (!key.startsWith(SubjectDigit.AccessGroup)) continue;
      for (const member of this.#membersOf(key)) found.add(member);
    }
    return found;
  }

  /** All members and groups, by key. */
  *keys(): Iterable<string> {
    for (const table of this.#tables())
      for (let row = 0; row < table.members.size; row++) yield table.members.text(row);
  }

  /** The groups that organizations own, by the organization. */
  ofOrganizations(): Map<string, Set<string>> {
    const owned = new Map<string, Set<string>>();
    for (const table of this.#tables()) {
      for (const [row, owner] of table.groupOrganization.entries()) {
        if (owner === "") continue;
        const groups = owned.get(owner) ?? new Set();
        owned.set(owner, groups);
        groups.add(SubjectDigit.AccessGroup + table.groupNames.text(row));
      }
    }
    return owned;
  }

  /** The members that are not directly in the same groups in both policies. */
  changed(): Set<string> {
    const changed = new Set<string>();
    for (let bucket = 0; bucket < BUCKETS; bucket++) {
      const [old, made] = [this.#before.subjects[bucket], this.#after.subjects[bucket]];
      if (isSameShard(this.#before, this.#after, `subjects/${bucket}`)) continue;
      for (const [table, other] of [
        [old, made],
        [made, old],
      ]) {
        for (let row = 0; row < (table?.members.size ?? 0); row++) {
          const key = table!.members.text(row);
          if (groupsText(table!, row) !== groupsText(other, other?.members.findText(key) ?? -1))
            changed.add(key);
        }
      }
    }
    return changed;
  }

  #membersOf(group: string): readonly string[] {
    if (this.#members === undefined) {
      this.#members = new Map();
      for (const table of this.#tables()) this.#add(table, this.#members);
    }
    return this.#members.get(group) ?? [];
  }

  #add(table: LoadedSubjects, members: Map<string, string[]>): void {
    for (let row = 0; row < table.members.size; row++) {
      const member = table.members.text(row);
      for (let at = table.firstGroup(row); at < table.memberGroupEnds[row]!; at++) {
        const group = SubjectDigit.AccessGroup + table.groupNames.text(table.memberGroup[at]!);
        const others = members.get(group);
        if (others === undefined) members.set(group, [member]);
        else others.push(member);
      }
    }
  }

  *#tables(): Iterable<LoadedSubjects> {
    for (const { subjects } of [this.#before, this.#after])
      for (const table of subjects) if (table !== undefined) yield table;
  }
}

/** Whether two policies have the same shard with this id, or neither has it. */
export function isSameShard(before: Policy, after: Policy, id: string): boolean {
  return hashOf(before, id) === hashOf(after, id);
}

const hashes = new WeakMap<Policy, ReadonlyMap<string, string>>();

function hashOf(policy: Policy, id: string): string | undefined {
  let known = hashes.get(policy);
  if (known === undefined) {
    known = new Map(policy.manifest.shards.map((shard) => [shard.id, shard.hash]));
    hashes.set(policy, known);
  }
  return known.get(id);
}

function groupsText(table: LoadedSubjects | undefined, member: number): string {
  if (table === undefined || member < 0) return "";
  const groups: string[] = [];
  for (let at = table.firstGroup(member); at < table.memberGroupEnds[member]!; at++) {
    const group = table.memberGroup[at]!;
    groups.push(`${table.groupNames.text(group)}\n${table.groupOrganization[group]}`);
  }
  return groups.sort().join("\n\n");
}
