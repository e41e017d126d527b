import type { Kind, MembershipSpec, SidegateObject } from "./objects.generated.ts";

/** Names an object of the domain, "Kind/name", or the place in an organization that a Membership takes (`memberKey`). */
export type ObjectKey = string;

export function objectKey(kind: string, name: string): ObjectKey {
  return `${kind}/${name}`;
}

/** An object of a domain. */
export interface NamedObject {
  readonly kind: Kind;
  readonly name: string;
}

/** What `objectKey` made of an object. */
export function parseObjectKey(key: ObjectKey): NamedObject {
  const slash = key.indexOf("/");
  return { kind: key.slice(0, slash) as Kind, name: key.slice(slash + 1) };
}

/**
 * The objects that an object refers to, whether they exist or not. Subjects that no object declares (users, service
 * accounts, asserted groups) are not among them.
 */
export function referencesOf(object: SidegateObject): ObjectKey[] {
  switch (object.kind) {
    case "Workspace":
      return [objectKey("Organization", object.spec.organization)];
    case "Membership":
      return [objectKey("Organization", object.spec.organization), memberKey(object.spec)];
    case "Environment":
      return named("Organization", object.spec.organization).concat(
        named("Workspace", object.spec.workspace),
      );
    case "AccessGroup":
      return [...named("Organization", object.spec.organization), ...groupKeys(object.spec.members)];
    case "AccessRole":
      return [
        ...named("Organization", object.spec.organization),
        ...roleKeys(object.spec.includes),
        ...(object.spec.grants ?? []).flatMap((grant) => roleKeys(grant.roles)),
      ];
    case "AccessRoleBinding": {
      const { role, scope, subjects } = object.spec;
      return [objectKey("AccessRole", role), scopeKey(scope), ...groupKeys(subjects)];
    }
    case "AccessDomain":
      return (object.spec?.defaultRoles ?? []).map((entry) => objectKey("AccessRole", entry.role));
    case "AccessConstraint": {
      const { separationOfDuty, exclusive, minHolders } = object.spec;
      return [
        ...roleKeys(separationOfDuty?.roles),
        ...roleKeys(exclusive?.roles),
        ...named("AccessRole", minHolders?.role),
      ];
    }
    default:
      return [];
  }
}

/** The place of a subject in an organization. Memberships that refer to the same one are rivals: the first by name counts. */
export function memberKey({ organization, subject }: MembershipSpec): ObjectKey {
  return objectKey("Member", `${organization}/${subject.kind}/${subject.name}`);
}

/** The key of the object that a binding's scope names; "Platform/" for the root, which no object declares. */
export function scopeKey(scope: { readonly kind: string; readonly name?: string }): ObjectKey {
  return objectKey(scope.kind, scope.kind === "Platform" ? "" : (scope.name ?? ""));
}

function named(kind: string, name: string | undefined): ObjectKey[] {
  return name === undefined ? [] : [objectKey(kind, name)];
}

function roleKeys(roles: readonly string[] | undefined): ObjectKey[] {
  return (roles ?? []).map((role) => objectKey("AccessRole", role));
}

function groupKeys(
  subjects: readonly { readonly kind: string; readonly name: string }[] | undefined,
): ObjectKey[] {
  return (subjects ?? [])
    .filter((s) => s.kind === "AccessGroup")
    .map((s) => objectKey("AccessGroup", s.name));
}
