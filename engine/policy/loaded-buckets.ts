import type { DirectoryShard, SubjectShard } from "../../proto/generated/shard.js";
import {
  readColumn,
  readFullColumn,
  readIndexes,
  readStrings,
  requireAscending,
  requireBelow,
} from "./columns.ts";
import { StringRun, type StringTable } from "./string-table.ts";

/** Where the scopes below organizations lie, for the scopes of one bucket. */
export class LoadedDirectory {
  readonly #scopes: StringTable;
  /** The names of the organizations that they lie in, by row. */
  readonly organizations: readonly string[];

  constructor(shard: DirectoryShard) {
    this.organizations = readStrings(shard.organizations, "organizations");
    const scopes = new StringRun(shard.scopeKeys, "scope_keys");
    const rows = this.organizations.length;
    this.#scopes = scopes.toTable(
      readIndexes(shard.scopeOrganization, scopes.size, rows, "scope_organization"),
    );
  }

  /** The row of the organization of the scope with this key, or -1. */
  find(bytes: Uint8Array, start: number, end: number, hash: number): number {
    return this.#scopes.find(bytes, start, end, hash);
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
    this.members = new StringRun(shard.memberKeys, "member_keys").toTable();
    this.groupNames = new StringRun(shard.groupNames, "group_names").toTable();
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
