import type { DirectoryShard, SubjectShard } from "../../proto/generated/shard.js";
import { readColumn, readFullColumn, readStrings, requireAscending, requireBelow } from "./columns.ts";
import { StringTable } from "./string-table.ts";

/** Where the scopes below organizations lie, for the scopes of one bucket. */
export class LoadedDirectory {
  readonly #scopes: StringTable;
  readonly #organizations: readonly string[];
  readonly #scopeOrganization: Uint32Array;

  constructor(shard: DirectoryShard) {
    this.#scopes = new StringTable(shard.scopeKeys, "scope_keys");
    this.#organizations = readStrings(shard.organizations, "organizations");
    this.#scopeOrganization = readColumn(shard.scopeOrganization, this.#scopes.size, "scope_organization");
    requireBelow(this.#scopeOrganization, this.#organizations.length, "scope_organization");
  }

  /** The organization of the scope with this key, or undefined. */
  find(bytes: Uint8Array, start: number, end: number, hash: number): string | undefined {
    const row = this.#scopes.find(bytes, start, end, hash);
    return row < 0 ? undefined : this.#organizations[this.#scopeOrganization[row]!];
  }
}

/** Which declared groups the subjects and groups of one bucket are directly in. */
export class LoadedSubjects {
  readonly members: StringTable;
  readonly memberGroupEnds: Uint32Array;
  readonly memberGroup: Uint32Array;
  readonly groupNames: StringTable;
  /** The organization of each group; empty: none. */
  readonly groupOrganization: readonly string[];

  constructor(shard: SubjectShard) {
    this.members = new StringTable(shard.memberKeys, "member_keys");
    this.groupNames = new StringTable(shard.groupNames, "group_names");
    this.memberGroupEnds = readColumn(shard.memberGroupEnds, this.members.size, "member_group_ends");
    requireAscending(this.memberGroupEnds, "member_group_ends");
    this.memberGroup = readFullColumn(shard.memberGroup, this.memberGroupEnds.at(-1) ?? 0, "member_group");
    requireBelow(this.memberGroup, this.groupNames.size, "member_group");
    const organizations = readStrings(shard.organizations, "organizations");
    const owners = readColumn(shard.groupOrganization, this.groupNames.size, "group_organization");
    requireBelow(owners, organizations.length + 1, "group_organization");
    this.groupOrganization = Array.from(owners, (owner) => (owner === 0 ? "" : organizations[owner - 1]!));
  }

  /** The first direct group of a member; the last is before `memberGroupEnds[member]`. */
  firstGroup(member: number): number {
    return member === 0 ? 0 : this.memberGroupEnds[member - 1]!;
  }
}
