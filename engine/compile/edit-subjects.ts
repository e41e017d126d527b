import type { GrantShard } from "../../proto/generated/shard.js";
import type { Membership } from "../model/objects.generated.ts";
import { readColumn } from "../policy/columns.ts";
import type { EditedBindings } from "./edit-bindings.ts";
import { GONE, type StringRows } from "./edit-strings.ts";
import type { EditedWindows } from "./edit-windows.ts";
import { bytesOf, columnBytes } from "./string-column.ts";
import { readWindow, type Window } from "./windows.ts";

/** The Memberships of a shard after a change of some. */
export interface EditedMembers {
  /** By old row of a subject: 0, or 1 plus the window of a Membership that is as it was. */
  readonly kept: Uint32Array;
  /** By the key of its subject. */
  readonly put: ReadonlyMap<string, Window>;
}

export function editMembers(
  shard: GrantShard,
  subjects: StringRows,
  changed: ReadonlyMap<string, Membership | undefined>,
): EditedMembers {
  const kept = readColumn(shard.subjectMember, subjects.size, "subject_member");
  const put = new Map<string, Window>();
  for (const [key, membership] of changed) {
    const row = subjects.find(key);
    if (row >= 0) kept[row] = 0;
    if (membership !== undefined) put.set(key, readWindow(undefined, membership.spec.expiresAt));
  }
  return { kept, put };
}

/** What subjects and grants are made of. */
export interface SubjectParts {
  readonly bindings: EditedBindings;
  /** By binding. */
  readonly scope: Uint32Array;
  readonly members: EditedMembers;
  readonly windows: EditedWindows;
}

/** The columns of subjects and of grants. */
export function subjectColumns(shard: GrantShard, subjects: StringRows, parts: SubjectParts) {
  const { bindings, members, windows } = parts;
  const grants = readGrants(shard, subjects.size);
  const edited = subjects.edit(keptSubjects(grants, bindings, members), [
    ...bindings.put.flatMap(([, binding]) => binding.subjects),
    ...members.put.keys(),
  ]);
  const { size, moved, added } = edited;
  const subjectMember = new Uint32Array(size);
  const memberAttributes = new Uint32Array(size);
  const attributes = readColumn(shard.memberAttributes, subjects.size, "member_attributes");
  for (let row = 0; row < moved.length; row++) {
    const now = moved[row]!;
    if (now === GONE) continue;
    const member = members.kept[row]!;
    if (member !== 0) subjectMember[now] = 1 + windows.moved[member - 1]!;
    memberAttributes[now] = attributes[row]!;
  }
  for (const [key, window] of members.put) subjectMember[added.get(key)!] = 1 + windows.row(window);
  return {
    subjectKeys: edited.encoded,
    ...grantColumns(grants, edited, parts),
    subjectMember: columnBytes(subjectMember),
    memberAttributes: columnBytes(memberAttributes),
  };
}

interface Grants {
  /** By subject. */
  readonly ends: Uint32Array;
  readonly binding: Uint32Array;
}

function readGrants(shard: GrantShard, subjects: number): Grants {
  const ends = readColumn(shard.subjectGrantEnds, subjects, "subject_grant_ends");
  return { ends, binding: readColumn(shard.grantBinding, ends.at(-1) ?? 0, "grant_binding") };
}

/** Tells of an old row whether a Membership or a binding that is as it was names the subject. */
function keptSubjects({ ends, binding }: Grants, { carried }: EditedBindings, { kept }: EditedMembers) {
  return (row: number) => {
    if (kept[row] !== 0) return true;
    for (let grant = row === 0 ? 0 : ends[row - 1]!; grant < ends[row]!; grant++)
      if (carried[binding[grant]!] !== GONE) return true;
    return false;
  };
}

function grantColumns(
  { ends: oldEnds, binding }: Grants,
  { size, moved, added }: ReturnType<StringRows["edit"]>,
  { bindings, scope }: SubjectParts,
) {
  const more = new Map<number, number[]>();
  let count = binding.length;
  for (const [row, { subjects }] of bindings.put) {
    for (const subject of subjects) {
      const at = added.get(subject)!;
      more.set(at, [...(more.get(at) ?? []), row]);
      count++;
    }
  }
  const oldRows = new Int32Array(size).fill(-1);
  for (let row = 0; row < moved.length; row++) if (moved[row] !== GONE) oldRows[moved[row]!] = row;
  const ends = new Uint32Array(size);
  const grants = new Uint32Array(count);
  let end = 0;
  for (let subject = 0; subject < size; subject++) {
    const first = end;
    const old = oldRows[subject]!;
    for (let grant = old > 0 ? oldEnds[old - 1]! : 0; grant < (old < 0 ? 0 : oldEnds[old]!); grant++) {
      const now = bindings.carried[binding[grant]!]!;
      if (now !== GONE) grants[end++] = now;
    }
    // Rows of bindings and scopes keep their order, so only what was put has to be put in its place.
    const put = more.get(subject);
    if (put !== undefined) {
      for (const row of put) grants[end++] = row;
      grants.subarray(first, end).sort((a, b) => scope[a]! - scope[b]! || a - b);
    }
    ends[subject] = end;
  }
  return { subjectGrantEnds: columnBytes(ends), grantBinding: bytesOf(grants.slice(0, end)) };
}
