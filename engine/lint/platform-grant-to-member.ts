import type { AccessRoleBinding, SubjectReference } from "../model/objects.generated.ts";
import { objectKey } from "../model/references.ts";
import { AUTHENTICATED } from "../model/subject.ts";
import type { World } from "../model/world.ts";
import { allowingRoles } from "./allowing-roles.ts";
import type { LintFinding, LintRule } from "./lint-rule.ts";
import { listWords } from "./list-words.ts";

/** A grant at Platform to somebody of a tenant. */
export const platformGrantToMember: LintRule = {
  name: "PlatformGrantToMember",
  severity: "warning",
  meaning:
    "A binding at Platform gives a role with Allow rules or grants entries to a member of an organization, or to everybody: it counts in every organization, asks for no membership, and stays when the member leaves.",
  remedy: "Bind the role in the organization, or give people of the platform names of their own.",
  *check(world) {
    const bindings = [...world.referring("AccessRoleBinding", objectKey("Platform", ""))].filter((binding) =>
      gives(world, binding),
    );
    if (bindings.length === 0) return;
    const organizations = organizationsOfMembers(world);
    for (const binding of bindings) yield* findingsOf(world, binding, organizations);
  },
};

/** Whether the binding's role has anything to give. */
function gives(world: World, { spec }: AccessRoleBinding): boolean {
  const role = world.live("AccessRole", spec.role);
  if (role === undefined) return false;
  return allowingRoles(world, role).some(
    ({ spec: { rules = [], grants = [] } }) =>
      grants.length > 0 || rules.some(({ effect }) => effect !== "Deny"),
  );
}

/** The organizations of each member, by "Kind/name". */
function organizationsOfMembers(world: World): Map<string, string[]> {
  const found = new Map<string, string[]>();
  for (const { spec } of world.listLive("Membership")) {
    const key = `${spec.subject.kind}/${spec.subject.name}`;
    const others = found.get(key);
    if (others === undefined) found.set(key, [spec.organization]);
    else others.push(spec.organization);
  }
  return found;
}

function* findingsOf(
  world: World,
  { metadata, spec }: AccessRoleBinding,
  organizations: ReadonlyMap<string, readonly string[]>,
): Iterable<LintFinding> {
  for (const [index, subject] of spec.subjects.entries()) {
    const at = {
      kind: "AccessRoleBinding",
      name: metadata.name,
      field: `spec.subjects[${index}]`,
    } as const;
    const { kind, name } = subject;
    if (kind === "Group" && name === AUTHENTICATED) {
      yield { ...at, message: `"${name}" is everybody: all members of all organizations get "${spec.role}"` };
      continue;
    }
    const own = organizations.get(`${kind}/${name}`);
    const inGroup = kind === "AccessGroup" ? memberIn(world, subject, organizations) : undefined;
    if (own !== undefined) {
      yield {
        ...at,
        message: `${kind} "${name}" is a member of ${listWords(own)} and gets "${spec.role}" in every organization`,
      };
    } else if (inGroup !== undefined) {
      yield {
        ...at,
        message: `AccessGroup "${name}" holds ${inGroup.kind} "${inGroup.name}", a member of ${listWords(organizations.get(`${inGroup.kind}/${inGroup.name}`) ?? [])}, who gets "${spec.role}" in every organization`,
      };
    }
  }
}

/** The first member of an organization that a declared group holds, through however many groups. */
function memberIn(
  world: World,
  group: SubjectReference,
  organizations: ReadonlyMap<string, readonly string[]>,
): SubjectReference | undefined {
  const groups = new Set([group.name]);
  for (const name of groups) {
    for (const member of world.live("AccessGroup", name)?.spec.members ?? []) {
      if (organizations.has(`${member.kind}/${member.name}`)) return member;
      if (member.kind === "AccessGroup") groups.add(member.name);
    }
  }
  return undefined;
}
