import type { AccessRoleBinding, Membership } from "../model/objects.generated.ts";
import { byName } from "../model/order.ts";
import { objectKey } from "../model/references.ts";
import { Level } from "../model/scope.ts";
import { membershipsOf, type ScopeNode, scopeNodeKey, scopesOf, targetOfScope } from "../model/scope-tree.ts";
import { subjectKey } from "../model/subject.ts";
import type { World } from "../model/world.ts";
import { AttributeColumn } from "./attributes.ts";
import { type BindingRow, readBinding } from "./binding-row.ts";
import { bytesOf, columnBytes, internStrings, type StringColumn } from "./string-column.ts";
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
  const bindings = scopes.flatMap((scope) => [...world.referring("AccessRoleBinding", targetOfScope(scope))]);
  return encodeGrants(organization, suspended, scopes, bindings, membershipsOf(world, organization));
}

function encodeGrants(
  organization: string,
  suspended: boolean,
  scopes: readonly ScopeNode[],
  unordered: readonly AccessRoleBinding[],
  memberships: readonly Membership[],
) {
  const bindings = unordered.toSorted(byName).map(readBinding);
  const scopeKeys = internStrings(scopes.map((scope) => scope.key));
  const subjects = internStrings([...bindings.flatMap((row) => row.subjects), ...memberships.map(memberKey)]);
  const windows = new WindowColumn([...bindings.map((row) => row.window), ...memberships.map(memberWindow)]);
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
    ...attributeColumns(scopes, scopeKeys, memberships, subjects),
  };
}

function parentColumn(scopes: readonly ScopeNode[], keys: StringColumn): Uint32Array {
  const parents = new Uint32Array(scopes.length);
  for (const { key, parent } of scopes)
    parents[keys.rows.get(key) as number] = keys.rows.get(parent) as number;
  return parents;
}

function bindingColumns(bindings: readonly BindingRow[], scopeKeys: StringColumn, windows: WindowColumn) {
  const roles = internStrings(bindings.map((row) => row.role));
  const conditions = internStrings(bindings.flatMap((row) => row.when ?? []));
  const provenances = internStrings(bindings.flatMap((row) => row.provenance || []));
  const column = (value: (row: BindingRow) => number) => columnBytes(Uint32Array.from(bindings, value));
  return {
    bindingNames: internStrings(bindings.map((row) => row.name)).encoded,
    roleNames: roles.encoded,
    bindingRole: column((row) => roles.rows.get(row.role) as number),
    bindingScope: column((row) => scopeKeys.rows.get(row.scope) as number),
    bindingWindow: column((row) => windows.row(row.window)),
    bindingWhen: column((row) => rowOrNone(conditions, row.when)),
    bindingFlags: columnBytes(Uint8Array.from(bindings, (row) => row.flags)),
    conditions: conditions.encoded,
    bindingGeneration: column((row) => row.generation),
    bindingProvenance: column((row) => rowOrNone(provenances, row.provenance)),
    provenances: provenances.encoded,
  };
}

function grantColumns(bindings: readonly BindingRow[], scopeKeys: StringColumn, subjects: StringColumn) {
  const ofSubject: number[][] = Array.from(subjects.rows, () => []);
  const scopeRows = Uint32Array.from(bindings, (row) => scopeKeys.rows.get(row.scope) as number);
  for (const [row, binding] of bindings.entries()) {
    for (const subject of binding.subjects) ofSubject[subjects.rows.get(subject) as number]?.push(row);
  }
  const ends = new Uint32Array(ofSubject.length);
  const grants: number[] = [];
  for (const [subject, rows] of ofSubject.entries()) {
    if (rows.length > 1) rows.sort((a, b) => scopeRows[a]! - scopeRows[b]! || a - b);
    for (const row of rows) grants.push(row);
    ends[subject] = grants.length;
  }
  return { subjectGrantEnds: columnBytes(ends), grantBinding: bytesOf(Uint32Array.from(grants)) };
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

function memberKey({ spec }: Membership): string {
  return subjectKey(spec.subject.kind, spec.subject.name) as string;
}

function memberWindow({ spec }: Membership) {
  return readWindow(undefined, spec.expiresAt);
}

/** 0 for what is not there, or 1 plus its row. */
function rowOrNone({ rows }: StringColumn, text: string | undefined): number {
  const row = text === undefined ? undefined : rows.get(text);
  return row === undefined ? 0 : row + 1;
}

/** What conditions ask of scopes and members. */
function attributeColumns(
  scopes: readonly ScopeNode[],
  scopeKeys: StringColumn,
  memberships: readonly Membership[],
  subjects: StringColumn,
) {
  const types = internStrings(scopes.flatMap((scope) => scope.type ?? []));
  const sets = new AttributeColumn([
    ...scopes.map((scope) => scope.attributes),
    ...memberships.map(({ spec }) => spec.attributes),
  ]);
  const scopeType = new Uint32Array(scopes.length);
  const scopeAttributes = new Uint32Array(scopes.length);
  for (const { key, type, attributes } of scopes) {
    const row = scopeKeys.rows.get(key) as number;
    scopeType[row] = rowOrNone(types, type);
    scopeAttributes[row] = sets.row(attributes);
  }
  const memberAttributes = new Uint32Array(subjects.rows.size);
  for (const membership of memberships)
    memberAttributes[subjects.rows.get(memberKey(membership)) as number] = sets.row(
      membership.spec.attributes,
    );
  return {
    scopeType: columnBytes(scopeType),
    types: types.encoded,
    scopeAttributes: columnBytes(scopeAttributes),
    memberAttributes: columnBytes(memberAttributes),
    attributeSets: sets.encode(),
  };
}
