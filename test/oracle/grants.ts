import type { AccessGroup, AccessRole, AccessRoleBinding } from "../../engine/model/objects.generated.ts";
import type { Existing } from "./existing.ts";
import { isMember } from "./membership.ts";
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

/**
 * The grants that take part in a decision at a scope: "it applies at the scope and everywhere below", in its window
 * (4.3, which Deny rules ask as well), with role and scope existing.
 */
function grantsAt(world: Existing, scope: Scope, now: number): Grant[] {
  const chain = chainOf(world, scope) ?? [];
  return world.bindings.flatMap((binding) => {
    const role = world.roles.find(({ metadata }) => metadata.name === binding.spec.role);
    const at = scopeOf(binding.spec.scope);
    const applies = chain.some((ancestor) => isSameScope(ancestor, at)) && isInWindow(binding.spec, now);
    if (role === undefined || !applies) return [];
    return binding.spec.subjects.map((subject) => ({ binding, subject, role, scope: at }));
  });
}

/**
 * Grants whose Deny rules count: "its subject matches (without asking a group's `organization` in any respect)"; "no
 * [...] invalid role weakens a Deny".
 */
export function denyingGrants(world: Existing, asker: Asker, scope: Scope, now: number): Grant[] {
  const identities = identitiesOf(world, asker, () => true);
  return grantsAt(world, scope, now).filter(({ subject }) =>
    identities.some((known) => isSame(known, subject)),
  );
}

/**
 * Section 6: "**standing** grants: those that meet 4.1 to 4.3. Membership [is] not asked. [...] A group with
 * `organization` counts here for all whom it lists" (though it "may be bound only in that organization").
 */
export function standingGrants(world: Existing, asker: Asker, scope: Scope, now: number): Grant[] {
  const identities = identitiesOf(world, asker, () => true);
  return grantsAt(world, scope, now)
    .filter((grant) => isValid(world, grant))
    .filter(({ subject }) => identities.some((known) => isSame(known, subject)));
}

/**
 * Effective grants, but for conditions (4.6) and active roles (4.7), which the caller judges. A group "counts, on the way
 * to other groups too, only for subjects with a Membership" in its organization.
 */
export function effectiveGrants(world: Existing, asker: Asker, scope: Scope, now: number): Grant[] {
  const counts = (group: AccessGroup) =>
    group.spec.organization === undefined || isMember(world, asker, group.spec.organization, now);
  const identities = identitiesOf(world, asker, counts);
  return grantsAt(world, scope, now)
    .filter((grant) => isValid(world, grant))
    .filter(({ subject }) => identities.some((known) => isSame(known, subject)))
    .filter((grant) => hasRequiredMembership(world, asker, grant.scope, now));
}

/**
 * 4.1: "the role may be assigned at that level and, if it belongs to an organization, the scope is in it". Section 3: "A
 * group with `organization` may be bound only in that organization".
 */
function isValid(world: Existing, { subject, role, scope }: Grant): boolean {
  const organization = organizationOf(world, scope);
  const group =
    subject.kind === "AccessGroup" && world.groups.find(({ metadata }) => metadata.name === subject.name);
  return (
    role.spec.assignableAt.includes(scope.kind) &&
    (role.spec.organization === undefined || role.spec.organization === organization) &&
    (!group || group.spec.organization === undefined || group.spec.organization === organization)
  );
}

/**
 * 4.4: "in a domain with `membership: Required`, the request's subject is a member of the organization that the grant's
 * scope is or lies in (a grant at Platform needs no membership)". Section 1: Required is the default.
 */
function hasRequiredMembership(world: Existing, asker: Asker, scope: Scope, now: number): boolean {
  if (world.settings?.spec?.membership === "Optional") return true;
  const organization = organizationOf(world, scope);
  return organization === undefined || isMember(world, asker, organization, now);
}
