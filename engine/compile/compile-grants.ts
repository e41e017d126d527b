import { membershipOfDefault } from "../defaults/default-name.ts";
import type { AccessRoleBinding, Membership } from "../model/objects.generated.ts";
import { byName } from "../model/order.ts";
import { objectKey } from "../model/references.ts";
import { Level, type LevelName } from "../model/scope.ts";
import { membershipsOf, type ScopeNode, scopeNodeKey, scopesOf } from "../model/scope-tree.ts";
import { subjectKey } from "../model/subject.ts";
import type { World } from "../model/world.ts";
import { DEFAULT_FLAG } from "./shard-format.ts";
import { columnBytes, internStrings, type StringColumn } from "./string-column.ts";
import { readWindow, WindowColumn } from "./windows.ts";

/** The body of the shard with the grants at Platform. */
export function compilePlatformGrants(world: World) {
  const root = scopeNodeKey(Level.Platform, "");
  const bindings = [...world.referring("AccessRoleBinding", objectKey("Platform", ""))];
  return encodeGrants("", false, [{ key: root, parent: root }], bindings, []);
}

/** The body of the shard of an organization that exists: its scopes, members and all grants at or below it. */
export function compileOrganization(world: World, organization: string) {
  const scopes = scopesOf(world, organization);
  const suspended = world.live("Organization", organization)?.spec.suspended ?? false;
  const bindings = scopes.flatMap((scope) => [...world.referring("AccessRoleBinding", bindingTarget(scope))]);
  return encodeGrants(organization, suspended, scopes, bindings, membershipsOf(world, organization));
}

const LEVEL_KINDS = ["", "Platform", "Organization", "Workspace", "Environment"];

function bindingTarget({ key }: ScopeNode): string {
  return objectKey(LEVEL_KINDS[Number(key[0])] as string, key.slice(1));
}

function encodeGrants(
  organization: string,
  suspended: boolean,
  scopes: readonly ScopeNode[],
  unordered: readonly AccessRoleBinding[],
  memberships: readonly Membership[],
) {
  const bindings = unordered.toSorted(byName);
  const scopeKeys = internStrings(scopes.map((scope) => scope.key));
  const subjects = internStrings([...bindings.flatMap(subjectsOf), ...memberships.map(memberKey)]);
  const windows = new WindowColumn([...bindings.map(bindingWindow), ...memberships.map(memberWindow)]);
  return {
    organization,
    suspended,
    scopeKeys: scopeKeys.encoded,
    scopeParent: columnBytes(parentColumn(scopes, scopeKeys)),
    ...bindingColumns(bindings, scopeKeys, windows),
    windows: windows.encode(),
    subjectKeys: subjects.encoded,
    ...grantColumns(bindings, scopeKeys, subjects),
    subjectMember: memberColumn(memberships, subjects, windows),
  };
}

function parentColumn(scopes: readonly ScopeNode[], keys: StringColumn): Uint32Array {
  const parents = new Uint32Array(scopes.length);
  for (const { key, parent } of scopes)
    parents[keys.rows.get(key) as number] = keys.rows.get(parent) as number;
  return parents;
}

function bindingColumns(
  bindings: readonly AccessRoleBinding[],
  scopeKeys: StringColumn,
  windows: WindowColumn,
) {
  const roles = internStrings(bindings.map((binding) => binding.spec.role));
  const conditions = internStrings(bindings.flatMap((binding) => binding.spec.when ?? []));
  const column = (value: (binding: AccessRoleBinding) => number) =>
    columnBytes(Uint32Array.from(bindings, value));
  return {
    bindingNames: internStrings(bindings.map((binding) => binding.metadata.name)).encoded,
    roleNames: roles.encoded,
    bindingRole: column((binding) => roles.rows.get(binding.spec.role) as number),
    bindingScope: column((binding) => scopeKeys.rows.get(scopeKeyOf(binding)) as number),
    bindingWindow: column((binding) => windows.row(bindingWindow(binding))),
    bindingWhen: column(({ spec }) =>
      spec.when === undefined ? 0 : 1 + (conditions.rows.get(spec.when) as number),
    ),
    bindingFlags: columnBytes(
      Uint8Array.from(bindings, (binding) => (membershipOfDefault(binding) === undefined ? 0 : DEFAULT_FLAG)),
    ),
    conditions: conditions.encoded,
  };
}

function grantColumns(
  bindings: readonly AccessRoleBinding[],
  scopeKeys: StringColumn,
  subjects: StringColumn,
) {
  const ofSubject: number[][] = Array.from(subjects.rows, () => []);
  for (const [row, binding] of bindings.entries()) {
    for (const subject of new Set(subjectsOf(binding)))
      ofSubject[subjects.rows.get(subject) as number]?.push(row);
  }
  const scopeRow = bindings.map((binding) => scopeKeys.rows.get(scopeKeyOf(binding)) as number);
  const ends = new Uint32Array(ofSubject.length);
  const grants: number[] = [];
  for (const [subject, rows] of ofSubject.entries()) {
    for (const row of rows.sort((a, b) => scopeRow[a]! - scopeRow[b]! || a - b)) grants.push(row);
    ends[subject] = grants.length;
  }
  return { subjectGrantEnds: columnBytes(ends), grantBinding: columnBytes(Uint32Array.from(grants)) };
}

function memberColumn(
  memberships: readonly Membership[],
  subjects: StringColumn,
  windows: WindowColumn,
): Uint8Array {
  const column = new Uint32Array(subjects.rows.size);
  for (const membership of memberships) {
    column[subjects.rows.get(memberKey(membership)) as number] = 1 + windows.row(memberWindow(membership));
  }
  return columnBytes(column);
}

function subjectsOf(binding: AccessRoleBinding): string[] {
  return binding.spec.subjects.flatMap(({ kind, name }) => subjectKey(kind, name) ?? []);
}

function memberKey({ spec }: Membership): string {
  return subjectKey(spec.subject.kind, spec.subject.name) as string;
}

function scopeKeyOf({ spec }: AccessRoleBinding): string {
  return scopeNodeKey(Level[spec.scope.kind as LevelName], spec.scope.name ?? "");
}

function bindingWindow({ spec }: AccessRoleBinding) {
  return readWindow(spec.notBefore, spec.expiresAt);
}

function memberWindow({ spec }: Membership) {
  return readWindow(undefined, spec.expiresAt);
}
