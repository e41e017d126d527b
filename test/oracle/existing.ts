import type {
  AccessConstraint,
  AccessDomain,
  AccessGroup,
  AccessRole,
  AccessRoleBinding,
  Environment,
  Kind,
  Membership,
  ObjectOf,
  Organization,
  PermissionCatalog,
  SidegateObject,
  TokenPolicy,
  Workspace,
} from "../../engine/model/objects.generated.ts";
import { reachedRoles } from "./includes.ts";

/** The objects of a domain that exist for decisions, by kind. Scopes may still lack a parent: see scopes.ts. */
export interface Existing {
  /** "AccessDomain: at most one, named `default`." */
  readonly settings: AccessDomain | undefined;
  readonly catalogs: readonly PermissionCatalog[];
  readonly organizations: readonly Organization[];
  readonly workspaces: readonly Workspace[];
  readonly environments: readonly Environment[];
  readonly memberships: readonly Membership[];
  readonly groups: readonly AccessGroup[];
  readonly roles: readonly AccessRole[];
  readonly bindings: readonly AccessRoleBinding[];
  readonly constraints: readonly AccessConstraint[];
  readonly tokenPolicies: readonly TokenPolicy[];
}

/**
 * Section 1: "An object marked for deletion does not exist for decisions, except a role, which goes on while a binding
 * names it or a role that includes it."
 */
export function existing(objects: readonly SidegateObject[]): Existing {
  const bindings = unmarked(objects, "AccessRoleBinding");
  const allRoles = ofKind(objects, "AccessRole");
  return {
    settings: unmarked(objects, "AccessDomain").find((domain) => domain.metadata.name === "default"),
    catalogs: unmarked(objects, "PermissionCatalog"),
    organizations: unmarked(objects, "Organization"),
    workspaces: unmarked(objects, "Workspace"),
    environments: unmarked(objects, "Environment"),
    memberships: unmarked(objects, "Membership"),
    groups: unmarked(objects, "AccessGroup"),
    roles: allRoles.filter((role) => !isMarked(role) || isInUse(role.metadata.name, bindings, allRoles)),
    bindings,
    constraints: unmarked(objects, "AccessConstraint"),
    tokenPolicies: unmarked(objects, "TokenPolicy"),
  };
}

/** "...while a binding names it or a role that includes it", at any depth. */
function isInUse(
  role: string,
  bindings: readonly AccessRoleBinding[],
  roles: readonly AccessRole[],
): boolean {
  return bindings.some((binding) => reachedRoles(roles, binding.spec.role).includes(role));
}

function isMarked(object: SidegateObject): boolean {
  return object.metadata.deletionTimestamp !== undefined;
}

function unmarked<K extends Kind>(objects: readonly SidegateObject[], kind: K) {
  return ofKind(objects, kind).filter((object) => !isMarked(object));
}

function ofKind<K extends Kind>(objects: readonly SidegateObject[], kind: K): ObjectOf<K>[] {
  return objects.filter((object) => object.kind === kind) as SidegateObject[] as ObjectOf<K>[];
}
