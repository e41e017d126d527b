import type { AccessRole, AccessRoleBinding } from "../../engine/model/objects.generated.ts";
import type { Existing } from "./existing.ts";
import { chainOf, isSameScope, organizationOf, type Scope, scopeOf } from "./scopes.ts";
import { type Asker, type Identity, identitiesOf, isSame } from "./subjects.ts";
import { isInWindow } from "./window.ts";

/** Section 4: "A binding gives each of its subjects a **grant** (subject, role, scope)". */
export interface Grant {
  readonly binding: AccessRoleBinding;
  readonly subject: Identity;
  readonly role: AccessRole;
  readonly scope: Scope;
}

/** All grants of roles that exist. */
export function allGrants(world: Existing): Grant[] {
  return world.bindings.flatMap((binding) => {
    const role = world.roles.find(({ metadata }) => metadata.name === binding.spec.role);
    if (role === undefined) return [];
    return binding.spec.subjects.map((subject) => ({
      binding,
      subject,
      role,
      scope: scopeOf(binding.spec.scope),
    }));
  });
}

/** The grants at one of these scopes in their window (4.3, which Deny rules ask as well). */
export function grantsIn(world: Existing, scopes: readonly Scope[], now: number): Grant[] {
  return allGrants(world)
    .filter((grant) => scopes.some((scope) => isSameScope(scope, grant.scope)))
    .filter(({ binding }) => isInWindow(binding.spec, now));
}

/**
 * Grants whose Deny rules count: "its subject matches (without asking a group's `organization` in any respect)"; "no
 * [...] invalid role weakens a Deny". A grant "applies at the scope and everywhere below".
 */
export function denyingGrants(world: Existing, asker: Asker, scope: Scope, now: number): Grant[] {
  const identities = identitiesOf(world, asker, () => true);
  return grantsIn(world, chainOf(world, scope) ?? [], now).filter(({ subject }) =>
    identities.some((known) => isSame(known, subject)),
  );
}

/**
 * 4.1: "the role may be assigned at that level and, if it belongs to an organization, the scope is in it". Section 3: "A
 * group with `organization` may be bound only in that organization".
 */
export function isValid(world: Existing, { subject, role, scope }: Grant): boolean {
  const organization = organizationOf(world, scope);
  const group =
    subject.kind === "AccessGroup" && world.groups.find(({ metadata }) => metadata.name === subject.name);
  return (
    mayBeAssigned(world, role, scope) &&
    (!group || group.spec.organization === undefined || group.spec.organization === organization)
  );
}

/** "The role may be assigned at that level and, if it belongs to an organization, the scope is in it". */
export function mayBeAssigned(world: Existing, role: AccessRole, scope: Scope): boolean {
  const { assignableAt, organization } = role.spec;
  return (
    assignableAt.includes(scope.kind) &&
    (organization === undefined || organization === organizationOf(world, scope))
  );
}
