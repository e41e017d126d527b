import type { AccessGroup } from "../model/objects.generated.ts";
import { bytesOf, columnBytes, internStrings } from "./string-column.ts";

/** The body of a directory shard. @param organizations the organization of each scope, by scope key */
export function compileDirectory(organizations: ReadonlyMap<string, string>) {
  const keys = internStrings(organizations.keys());
  const names = internStrings(organizations.values());
  const row = (key: string) => names.rows.get(organizations.get(key) as string) as number;
  return {
    scopeKeys: keys.encoded,
    organizations: names.encoded,
    scopeOrganization: columnBytes(Uint32Array.from(keys.rows.keys(), row)),
  };
}

/**
 * The body of a subject shard.
 *
 * @param groupsOf the declared groups that each member is directly in, by the member's key; none is empty
 */
export function compileSubjects(groupsOf: ReadonlyMap<string, ReadonlySet<AccessGroup>>) {
  const groups = new Map<string, AccessGroup>();
  for (const direct of groupsOf.values()) for (const group of direct) groups.set(group.metadata.name, group);
  const names = internStrings(groups.keys());
  const owners = internStrings([...groups.values()].flatMap((group) => group.spec.organization ?? []));
  const members = internStrings(groupsOf.keys());
  const ends = new Uint32Array(members.rows.size);
  const column: number[] = [];
  for (const [member, row] of members.rows) {
    const direct = [...(groupsOf.get(member) ?? [])].map(
      (group) => names.rows.get(group.metadata.name) as number,
    );
    column.push(...direct.sort((a, b) => a - b));
    ends[row] = column.length;
  }
  const ownerOf = (name: string) => {
    const owner = groups.get(name)?.spec.organization;
    return owner === undefined ? 0 : 1 + (owners.rows.get(owner) as number);
  };
  return {
    memberKeys: members.encoded,
    memberGroupEnds: columnBytes(ends),
    memberGroup: bytesOf(Uint32Array.from(column)),
    groupNames: names.encoded,
    organizations: owners.encoded,
    groupOrganization: columnBytes(Uint32Array.from(names.rows.keys(), ownerOf)),
  };
}
